"""Rules and refusals of operations."""
