"""Reads: they see what is committed and change nothing."""
