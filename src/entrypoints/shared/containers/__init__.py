"""Compositions that several processes share."""
