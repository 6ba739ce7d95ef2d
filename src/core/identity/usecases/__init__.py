"""What identity does."""
