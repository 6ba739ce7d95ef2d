"""Read one's own account and sessions."""

from dataclasses import dataclass

from msgspec.structs import replace

from core.identity.api import AccountView, SessionView
from core.identity.domain.account import account_view
from core.identity.domain.errors import AccountNotFound
from core.identity.domain.session import session_view
from core.identity.ports import AccountReader
from core.identity.sessions import SessionReader
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class GetMe:
    """The account of whoever calls."""

    reader: AccountReader

    async def __call__(self, actor: Actor) -> AccountView:
        """Read it.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises AccountNotFound: its data is gone.
        """
        account_id = actor.person(even_limited=True)
        account = await self.reader.account(account_id)
        if account is None:
            raise AccountNotFound(id=str(account_id))
        return replace(account_view(account), impersonated_by=actor.impersonator)


@dataclass(frozen=True, slots=True)
class ListSessions:
    """Sessions of whoever calls, with the device of each and why it ended."""

    reader: SessionReader
    clock: Clock

    async def __call__(self, actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[SessionView]:
        """One page of sessions, newest first.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises InvalidCursor: not a cursor of this list.
        """
        account_id = actor.person(even_limited=True)
        page = await self.reader.sessions(account_id, limit, cursor)
        now = self.clock.now()
        return Page([session_view(each, actor.session, now) for each in page.items], page.next_cursor)
