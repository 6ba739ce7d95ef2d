"""Data to try things on: planned from a seed, loaded through the public doors, removed again."""
