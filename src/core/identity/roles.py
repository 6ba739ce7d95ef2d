"""What roles need from outside."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from core.identity.api import AccountStatus
from core.identity.domain.account import Account
from core.identity.rights import Role, RoleChange
from core.kernel.paging import Page


class Roles(Protocol):
    """Roles that were made here, changed inside a unit of work; those built in are no rows."""

    @abstractmethod
    async def add(self, role: Role) -> bool:
        """Keep a new role; False where another has its name, in any case of letters."""

    @abstractmethod
    async def lock(self, role_id: UUID) -> Role | None:
        """A role, held against others until the unit of work ends; None when there is none."""

    @abstractmethod
    async def named(self, names: Sequence[str]) -> list[Role]:
        """Roles with these names, by name, held likewise; nothing for a name that no role has."""

    @abstractmethod
    async def change(self, role: Role) -> bool:
        """Give a held role another name and set; False where another has that name, and nothing is changed."""

    @abstractmethod
    async def remove(self, role_id: UUID) -> None:
        """Drop a held role, which nobody may have."""


class Holders(Protocol):
    """Who has which role, changed inside a unit of work."""

    @abstractmethod
    async def of(self, account_id: UUID) -> list[Role]:
        """The roles of an account by id, of those built in the id alone; held until the unit of work ends."""

    @abstractmethod
    async def with_role(self, role_id: UUID) -> list[UUID]:
        """Accounts with a role, by id; that they have it is held until the unit of work ends."""

    @abstractmethod
    async def give(self, changes: Sequence[RoleChange]) -> None:
        """Give roles, and append that to the log; each account lacks what it is given."""

    @abstractmethod
    async def take(self, changes: Sequence[RoleChange]) -> None:
        """Take roles away, and append that to the log; each account has what is taken."""


class Wanted(NamedTuple):
    """Which accounts: those with a name that begins with a folded text, of a status, with a role; all must hold."""

    text: str = ""
    status: AccountStatus | None = None
    role: UUID | None = None


class PeopleReader(Protocol):
    """Looks for accounts."""

    @abstractmethod
    async def people(self, wanted: Wanted, limit: int, cursor: str | None) -> Page[Account]:
        """Accounts, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def numbered(self, wanted: Wanted, size: int, page: int) -> tuple[list[Account], int]:
        """Accounts of the page of a number, newest first, and how many there are on all pages.

        :param page: 1 for the first.
        """


class RoleReader(Protocol):
    """Reads roles, and who has them."""

    @abstractmethod
    async def roles(self) -> list[Role]:
        """All that were made here, by name."""

    @abstractmethod
    async def held(self, account_ids: Sequence[UUID]) -> Mapping[UUID, list[Role]]:
        """The roles of accounts, of those built in the id alone; nothing for an account without."""

    @abstractmethod
    async def changes(self, account_id: UUID, limit: int, cursor: str | None) -> Page[RoleChange]:
        """Which roles an account was given and lost, the last first.

        :raises InvalidCursor: not a cursor of this list.
        """
