"""What an actor may be allowed to do as an operator."""

READ = "operations.read"
DELIVERIES = "operations.deliveries"

ALL = (READ, DELIVERIES)
