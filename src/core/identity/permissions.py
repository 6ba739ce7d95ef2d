"""What an actor may be allowed to do with people."""

READ = "identity.read"
EDIT = "identity.edit"
STATUS = "identity.status"
ROLES = "identity.roles"
IMPERSONATE = "identity.impersonate"
OWNERS = "identity.owners"

ALL = (READ, EDIT, STATUS, ROLES, IMPERSONATE, OWNERS)
