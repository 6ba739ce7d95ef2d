"""The scheduler process: relays facts to subscribers, and does what time asks for. Any number of them may run."""
