"""What an actor may be allowed to do with people."""

READ = "identity.read"
EDIT = "identity.edit"
STATUS = "identity.status"
ROLES = "identity.roles"
INVITE = "identity.invite"
IMPERSONATE = "identity.impersonate"
OWNERS = "identity.owners"

ALL = (READ, EDIT, STATUS, ROLES, INVITE, IMPERSONATE, OWNERS)
