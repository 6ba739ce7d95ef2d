"""Fixtures and readers that tests share."""
