"""Where an item stands in a list: what is inside a cursor."""

from uuid import UUID

import msgspec


class BySession(msgspec.Struct, tag="sessions", array_like=True, frozen=True, order=True):
    """A session; their ids grow."""

    id: UUID


class ByActivity(msgspec.Struct, tag="activity", array_like=True, frozen=True, order=True):
    """A try to sign in, or an act; ids grow with time."""

    id: UUID


class ByRoleChange(msgspec.Struct, tag="role_changes", array_like=True, frozen=True, order=True):
    """A change of the roles of an account; ids grow with time."""

    id: UUID


class ByPerson(msgspec.Struct, tag="people", array_like=True, frozen=True, order=True):
    """An account; ids grow with time."""

    id: UUID
