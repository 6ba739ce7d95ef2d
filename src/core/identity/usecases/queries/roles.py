"""Read roles and permissions."""

from dataclasses import dataclass
from uuid import UUID

from core.identity.domain.errors import RoleNotFound
from core.identity.permissions import READ
from core.identity.ports import AccountReader
from core.identity.rights import AccountRoles, PermissionView, Rights, RoleChange, RoleView
from core.identity.roles import RoleReader
from core.identity.usecases.change_roles import account_roles
from core.identity.usecases.queries.people import account_of
from core.kernel.actor import Actor
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class ListRoles:
    """All roles."""

    reader: RoleReader
    rights: Rights

    async def __call__(self, actor: Actor) -> list[RoleView]:
        """Roles built in, then those that were made here by name.

        :raises Forbidden: the actor may not read about people.
        """
        actor.require(READ)
        return [role.view() for role in self.rights.completed([*self.rights.built_in, *await self.reader.roles()])]


@dataclass(frozen=True, slots=True)
class GetRole:
    """One role."""

    reader: RoleReader
    rights: Rights

    async def __call__(self, actor: Actor, role_id: UUID) -> RoleView:
        """Read one role.

        :raises Forbidden: the actor may not read about people.
        :raises RoleNotFound: there is none.
        """
        actor.require(READ)
        for role in self.rights.completed([*self.rights.built_in, *await self.reader.roles()]):
            if role.id == role_id:
                return role.view()
        raise RoleNotFound(id=str(role_id))


@dataclass(frozen=True, slots=True)
class ListPermissions:
    """Everything that somebody may be allowed to do."""

    rights: Rights

    async def __call__(self, actor: Actor) -> list[PermissionView]:
        """All permissions by name.

        :raises Forbidden: the actor may not read about people.
        """
        actor.require(READ)
        return [PermissionView(name, name.partition(".")[0]) for name in sorted(self.rights.universe)]


@dataclass(frozen=True, slots=True)
class GetAccountRoles:
    """The roles of one account."""

    accounts: AccountReader
    reader: RoleReader
    rights: Rights

    async def __call__(self, actor: Actor, account_id: UUID) -> AccountRoles:
        """Read them, and what they allow together.

        :raises Forbidden: the actor may not read about people.
        :raises AccountNotFound: there is none.
        """
        actor.require(READ)
        await account_of(self.accounts, account_id)
        held = await self.reader.held([account_id])
        return account_roles(account_id, held.get(account_id, []), self.rights)


@dataclass(frozen=True, slots=True)
class ListRoleChanges:
    """How the roles of an account came to be."""

    accounts: AccountReader
    reader: RoleReader

    async def __call__(
        self, actor: Actor, account_id: UUID, *, limit: int = 50, cursor: str | None = None
    ) -> Page[RoleChange]:
        """One page of changes, the last first.

        :raises Forbidden: the actor may not read about people.
        :raises AccountNotFound: there is none.
        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        await account_of(self.accounts, account_id)
        return await self.reader.changes(account_id, limit, cursor)
