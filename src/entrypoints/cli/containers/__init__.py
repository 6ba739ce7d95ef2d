"""Composition of the program: the only files of it that import adapters."""
