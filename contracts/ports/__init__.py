"""What every adapter of a port promises, as suites that a subclass per adapter runs."""
