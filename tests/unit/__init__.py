"""Tests of one piece each."""
