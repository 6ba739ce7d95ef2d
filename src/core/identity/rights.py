"""What roles make of the permissions that there are."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from core.identity import permissions
from core.identity.api import AccountStatus

RoleName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z][a-z0-9_-]{1,39}$", description="2 to 40 small letters, digits, dashes and underscores."
    ),
]


class RoleView(msgspec.Struct, frozen=True):
    """A named set of permissions; one that is ``built_in`` cannot be changed."""

    id: UUID
    name: str
    permissions: list[str]
    built_in: bool


class PermissionView(msgspec.Struct, frozen=True):
    """What somebody may be allowed to do, and the module that it belongs to."""

    name: str
    module: str


class AccountRoles(msgspec.Struct, frozen=True):
    """The roles of an account by name, and all that they allow together."""

    account_id: UUID
    roles: list[str]
    permissions: list[str]


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    """An account as the staff sees it, with its roles by name and all that they allow together."""

    id: UUID
    email: str | None
    username: str | None
    phone: str | None
    verified: bool
    status: AccountStatus
    blocked_reason: str | None
    delete_at: datetime | None
    language: str
    timezone: str
    created_at: datetime
    version: int
    roles: list[str]
    permissions: list[str]


class RoleChange(msgspec.Struct, frozen=True):
    """That an account was ``given`` a role, or lost it, and by whom; ``role`` is its name of then."""

    id: UUID
    account_id: UUID
    role_id: UUID
    role: str
    given: bool
    by: str
    at: datetime


class Role(msgspec.Struct, frozen=True):
    """A named set of permissions; one that is ``built_in`` cannot be changed, and its set comes from the code."""

    id: UUID
    name: str
    permissions: frozenset[str] = frozenset()
    built_in: bool = False

    def view(self) -> RoleView:
        """The role as others see it."""
        return RoleView(self.id, self.name, sorted(self.permissions), self.built_in)


OWNER, ADMIN, MODERATOR, USER = (UUID(int=number) for number in range(1, 5))


class Rights:
    """All permissions there are, those of modules to come among them when they come, and the roles built in."""

    def __init__(self, universe: Iterable[str]) -> None:
        """:param universe: what the manifests of all modules declare."""
        self.universe = frozenset(universe)
        seen = {permission for permission in self.universe if permission.endswith(".read")}
        self.built_in = (
            Role(OWNER, "owner", self.universe, built_in=True),
            Role(ADMIN, "admin", self.universe - {permissions.OWNERS}, built_in=True),
            Role(MODERATOR, "moderator", self.universe & (seen | {permissions.STATUS}), built_in=True),
            Role(USER, "user", frozenset(), built_in=True),
        )
        self._by_id = {role.id: role for role in self.built_in}

    def named(self, name: str) -> Role | None:
        """The built-in role of a name, if it can be given: everybody is a user anyway."""
        return next((role for role in self.built_in if role.name == name and role.id != USER), None)

    def completed(self, roles: Iterable[Role]) -> list[Role]:
        """Roles as they are today: those built in by their id, others without permissions that are gone; by name."""
        known = (self._by_id.get(role.id) or self._narrowed(role) for role in roles)
        return sorted(known, key=lambda role: (not role.built_in, role.id if role.built_in else UUID(int=0), role.name))

    def permitted(self, roles: Iterable[Role]) -> frozenset[str]:
        """What roles allow together; nothing where there are none."""
        return frozenset().union(*(role.permissions for role in self.completed(roles)))

    def _narrowed(self, role: Role) -> Role:
        return msgspec.structs.replace(role, permissions=role.permissions & self.universe)
