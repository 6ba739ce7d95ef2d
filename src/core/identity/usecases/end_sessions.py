"""End sessions of one's own."""

from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from core.identity.api import EndReason
from core.identity.domain.errors import SessionNotFound
from core.identity.ports import IdentityWork
from core.identity.usecases.forget_sessions import forget
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class SignOut:
    """End the session that calls."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    cache: Cache

    async def __call__(self, actor: Actor) -> None:
        """Sign out; nothing where no session calls, or it has ended. The end of an impersonation is noted.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        """
        actor.person(even_limited=True)
        session_id = actor.session
        if session_id is None:
            return

        async def attempt() -> None:
            async with self.work() as work:
                session = await work.sessions.lock(session_id)
                if session is not None and session.ended_at is None:
                    now = self.clock.now()
                    await work.sessions.save(replace(session, ended_at=now, end_reason=EndReason.LOGOUT))
                    if actor.impersonator is not None:
                        entry = act_of(actor, "identity.impersonate.end", actor.account, self.ids, self.clock)
                        await work.audit.record([entry])

        await again_if_contended(attempt)
        await forget(self.cache, self.work, [session_id])


@dataclass(frozen=True, slots=True)
class RevokeSessions:
    """End one session of one's own, or all but the one that calls."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    cache: Cache

    async def __call__(self, actor: Actor, session_id: UUID) -> None:
        """End one session.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises SessionNotFound: there is none, it has ended, or it is somebody else's.
        """
        account_id = actor.person(even_limited=True)

        async def attempt() -> None:
            async with self.work() as work:
                session, now = await work.sessions.lock(session_id), self.clock.now()
                if session is None or session.account_id != account_id or session.ending(now) is not None:
                    raise SessionNotFound(id=str(session_id))
                await work.sessions.save(replace(session, ended_at=now, end_reason=EndReason.REVOKED))
                await work.audit.record(
                    [
                        act_of(
                            actor, "identity.session.revoke", account_id, self.ids, self.clock, session=str(session_id)
                        )
                    ]
                )

        await again_if_contended(attempt)
        await forget(self.cache, self.work, [session_id])

    async def others(self, actor: Actor) -> int:
        """End all sessions but the one that calls.

        :returns: how many ended.
        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        """
        account_id = actor.person(even_limited=True)

        async def attempt() -> list[UUID]:
            async with self.work() as work:
                await work.accounts.lock(account_id)
                now = self.clock.now()
                ended = await work.sessions.end(account_id, EndReason.REVOKED, now, but=actor.session)
                entry = act_of(
                    actor, "identity.session.revoke_others", account_id, self.ids, self.clock, ended=len(ended)
                )
                await work.audit.record([entry])
            return ended

        ended = await again_if_contended(attempt)
        await forget(self.cache, self.work, ended)
        return len(ended)
