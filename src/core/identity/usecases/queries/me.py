"""Read one's own account and sessions."""

from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from core.identity.api import AccountView, SessionView
from core.identity.domain.account import account_view
from core.identity.domain.errors import AccountNotFound
from core.identity.domain.session import session_view
from core.identity.ports import AccountReader
from core.identity.rights import Rights
from core.identity.roles import RoleReader
from core.identity.sessions import SessionReader
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class GetMe:
    """The account of whoever calls, with what it may do now, and who acts in its name, if somebody does."""

    reader: AccountReader
    sessions: SessionReader
    roles: RoleReader
    rights: Rights

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
        view = replace(account_view(account), roles=await self._roles(actor), permissions=sorted(actor.permissions))
        return view if actor.impersonator is None else await self._acted(actor, view, actor.impersonator)

    async def _roles(self, actor: Actor) -> list[str]:
        """Nothing is looked up for somebody who may do nothing."""
        if actor.account is None or not actor.permissions | actor.withheld:
            return []
        held = await self.roles.held([actor.account])
        return [role.name for role in self.rights.completed(held.get(actor.account, []))]

    async def _acted(self, actor: Actor, view: AccountView, impersonator: UUID) -> AccountView:
        staff = await self.reader.account(impersonator)
        found = None if actor.session is None else await self.sessions.session(actor.session)
        return replace(
            view,
            impersonated_by=impersonator,
            impersonated_by_name=None if staff is None else staff.name,
            impersonated_until=None if found is None else found[0].expires_at,
        )


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
