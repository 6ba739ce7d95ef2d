"""Look for people, as the staff does."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.identity.api import AccountStatus, SessionView
from core.identity.domain.account import Account
from core.identity.domain.errors import AccountNotFound
from core.identity.domain.names import folded
from core.identity.domain.session import session_view
from core.identity.permissions import READ
from core.identity.ports import AccountReader
from core.identity.rights import PersonView, Rights
from core.identity.roles import PeopleReader, RoleReader, Wanted
from core.identity.sessions import SessionReader
from core.identity.usecases.stay_below import person_view
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.paging import Page


async def account_of(accounts: AccountReader, account_id: UUID) -> Account:
    """An account that must be there.

    :raises AccountNotFound: there is none.
    """
    account = await accounts.account(account_id)
    if account is None:
        raise AccountNotFound(id=str(account_id))
    return account


@dataclass(frozen=True, slots=True)
class ListPeople:
    """Accounts of everybody."""

    people: PeopleReader
    roles: RoleReader
    rights: Rights

    async def __call__(
        self,
        actor: Actor,
        *,
        text: str = "",
        status: AccountStatus | None = None,
        role: UUID | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[PersonView]:
        """One page of accounts, newest first.

        :param text: with which an e-mail address, a username or a phone number begins.
        :param role: which they have.
        :raises Forbidden: the actor may not read about people.
        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        page = await self.people.people(Wanted(folded(text), status, role), limit, cursor)
        return Page(await self._views(page.items), page.next_cursor)

    async def numbered(
        self,
        actor: Actor,
        *,
        text: str = "",
        status: AccountStatus | None = None,
        role: UUID | None = None,
        size: int = 50,
        page: int = 1,
    ) -> tuple[list[PersonView], int]:
        """The accounts of one page, newest first, and how many there are on all pages.

        :raises Forbidden: the actor may not read about people.
        """
        actor.require(READ)
        found, total = await self.people.numbered(Wanted(folded(text), status, role), size, page)
        return await self._views(found), total

    async def _views(self, accounts: Sequence[Account]) -> list[PersonView]:
        held = await self.roles.held([account.id for account in accounts])
        return [person_view(account, held.get(account.id, []), self.rights) for account in accounts]


@dataclass(frozen=True, slots=True)
class GetPerson:
    """One account."""

    accounts: AccountReader
    roles: RoleReader
    rights: Rights

    async def __call__(self, actor: Actor, account_id: UUID) -> PersonView:
        """Read it.

        :raises Forbidden: the actor may not read about people.
        :raises AccountNotFound: there is none.
        """
        actor.require(READ)
        account = await account_of(self.accounts, account_id)
        held = await self.roles.held([account_id])
        return person_view(account, held.get(account_id, []), self.rights)


@dataclass(frozen=True, slots=True)
class ListSessionsOf:
    """Sessions of somebody, with the device of each and why it ended."""

    accounts: AccountReader
    sessions: SessionReader
    clock: Clock

    async def __call__(
        self, actor: Actor, account_id: UUID, *, limit: int = 50, cursor: str | None = None
    ) -> Page[SessionView]:
        """One page of sessions, newest first.

        :raises Forbidden: the actor may not read about people.
        :raises AccountNotFound: there is none.
        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        await account_of(self.accounts, account_id)
        page = await self.sessions.sessions(account_id, limit, cursor)
        now = self.clock.now()
        return Page([session_view(each, actor.session, now) for each in page.items], page.next_cursor)
