"""Roles in memory, and who has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from adapters.memory.pages import after, page
from adapters.memory.store import MemoryStore, Tables
from core.identity.domain.account import Account
from core.identity.positions import ByPerson, ByRoleChange
from core.identity.rights import Role, RoleChange
from core.identity.roles import Holders, PeopleReader, RoleReader, Roles, Wanted
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class MemoryRoles(Roles):
    """Keeps roles in a draft; no other is open, so all are held."""

    tables: Tables

    async def add(self, role: Role) -> bool:
        """Keep a new role; False where its name is taken."""
        if self._taken(role):
            return False
        self.tables.roles.put(role.id, role)
        return True

    async def lock(self, role_id: UUID) -> Role | None:
        """A role, or None."""
        return self.tables.roles.get(role_id)

    async def named(self, names: Sequence[str]) -> list[Role]:
        """Roles with these names, by name."""
        return sorted((role for role in self.tables.roles.values() if role.name in names), key=lambda role: role.name)

    async def change(self, role: Role) -> bool:
        """Give it another name and set; False where the name is taken."""
        return await self.add(role)

    async def remove(self, role_id: UUID) -> None:
        """Drop it."""
        self.tables.roles.remove(role_id)

    def _taken(self, role: Role) -> bool:
        return any(other.name == role.name and other.id != role.id for other in self.tables.roles.values())


@dataclass(frozen=True, slots=True)
class MemoryHolders(Holders):
    """Keeps who has which role in a draft."""

    tables: Tables

    async def of(self, account_id: UUID) -> list[Role]:
        """The roles of an account by id."""
        return _held(self.tables, account_id)

    async def with_role(self, role_id: UUID) -> list[UUID]:
        """Accounts with a role, by id."""
        return sorted(account for account, role in self.tables.holders.values() if role == role_id)

    async def give(self, changes: Sequence[RoleChange]) -> None:
        """Give roles, and note that."""
        for change in changes:
            pair = (change.account_id, change.role_id)
            self.tables.holders.put(pair, pair)
        self._note(changes)

    async def take(self, changes: Sequence[RoleChange]) -> None:
        """Take roles away, and note that."""
        for change in changes:
            self.tables.holders.remove((change.account_id, change.role_id))
        self._note(changes)

    def _note(self, changes: Sequence[RoleChange]) -> None:
        for change in changes:
            self.tables.role_changes.put(change.id, change)


@dataclass(frozen=True, slots=True)
class MemoryRoleReader(RoleReader):
    """Reads what is committed."""

    store: MemoryStore

    async def roles(self) -> list[Role]:
        """All that were made here, by name."""
        return sorted(self.store.committed.roles.values(), key=lambda role: role.name)

    async def held(self, account_ids: Sequence[UUID]) -> Mapping[UUID, list[Role]]:
        """The roles of accounts."""
        found = {account: _held(self.store.committed, account) for account in account_ids}
        return {account: roles for account, roles in found.items() if roles}

    async def changes(self, account_id: UUID, limit: int, cursor: str | None) -> Page[RoleChange]:
        """What became of the roles of an account, the last first.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByRoleChange)
        rows = [
            (ByRoleChange(change.id), change)
            for change in sorted(self.store.committed.role_changes.values(), key=lambda each: each.id, reverse=True)
            if change.account_id == account_id and (start is None or change.id < start.id)
        ]
        return page(rows, limit)


@dataclass(frozen=True, slots=True)
class MemoryPeopleReader(PeopleReader):
    """Looks among committed accounts."""

    store: MemoryStore

    async def people(self, wanted: Wanted, limit: int, cursor: str | None) -> Page[Account]:
        """Accounts, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByPerson)
        found = self._found(wanted)
        rows = [(ByPerson(account.id), account) for account in found if start is None or account.id < start.id]
        return page(rows, limit)

    async def numbered(self, wanted: Wanted, size: int, page: int) -> tuple[list[Account], int]:
        """Accounts of a page, newest first, and how many there are."""
        found = self._found(wanted)
        return found[(page - 1) * size : page * size], len(found)

    def _found(self, wanted: Wanted) -> list[Account]:
        accounts = sorted(self.store.committed.accounts.values(), key=lambda each: each.id, reverse=True)
        return [account for account in accounts if self._fits(account, wanted)]

    def _fits(self, account: Account, wanted: Wanted) -> bool:
        roles = [role.id for role in _held(self.store.committed, account.id)]
        return (
            (not wanted.text or any(handle.key.startswith(wanted.text) for handle in account.handles))
            and wanted.status in {None, account.status}
            and (wanted.role is None or wanted.role in roles)
        )


def _held(tables: Tables, account_id: UUID) -> list[Role]:
    ids = sorted(role for account, role in tables.holders.values() if account == account_id)
    return [tables.roles.get(role) or Role(role, "") for role in ids]
