"""Real processes under load while faults are injected, and checkers of what came of it."""
