"""What an actor may be allowed to do with people."""

READ = "identity.read"
STATUS = "identity.status"
ROLES = "identity.roles"
OWNERS = "identity.owners"

ALL = (READ, ROLES, OWNERS)
