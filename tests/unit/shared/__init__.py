"""Settings, logging, run file."""
