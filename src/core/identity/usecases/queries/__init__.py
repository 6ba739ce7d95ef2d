"""What identity answers."""
