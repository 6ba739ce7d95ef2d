"""What an actor may be allowed to do with inventory."""

READ = "inventory.read"
RECORD = "inventory.record"
ADJUST = "inventory.adjust"
QUARANTINE = "inventory.quarantine"

ALL = (READ, RECORD, ADJUST, QUARANTINE)
