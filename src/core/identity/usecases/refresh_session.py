"""Renew what carries a session."""

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from core.identity.api import AccountStatus, EndReason, SessionKind, SignedIn
from core.identity.domain.refusals import ActingNotRenewed, RefreshRefused
from core.identity.domain.session import GRACE, RefreshToken, Session, digest
from core.identity.ports import IdentityWork
from core.identity.secrets import Mint, TokenSigner
from core.identity.usecases.begin_session import cookie_token, granted
from core.identity.usecases.forget_sessions import forget
from core.identity.usecases.stay_inside import refuse_elsewhere
from core.kernel.actor import Actor
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended
from core.notifications.events import LetterWanted


@dataclass(frozen=True, slots=True)
class RefreshSession:
    """Exchange a refresh token for its child, once.

    Whoever sends it again within ten seconds lost a race and gets the same child, which can be made from its parent.
    Whoever sends it later has stolen it, or was stolen from: the session ends, and that is kept before it is told.
    """

    work: OpenWork[IdentityWork]
    mint: Mint
    ids: Ids
    clock: Clock
    signer: TokenSigner
    cache: Cache

    async def __call__(self, actor: Actor, token: str, *, kind: SessionKind) -> SignedIn:
        """Renew one session.

        :param kind: how the session is carried; a token of another kind is refused.
        :raises ActingNotRenewed: a browser asks in which the actor acts as somebody else; the token stays good.
        :raises RefreshRefused: the token is not known or was used before, or its session has ended.
        :raises NetworkRefused: the account may not be used from where the call comes; the token stays good.
        """
        if kind is SessionKind.COOKIE and actor.impersonator is not None:
            raise ActingNotRenewed
        now = self.clock.now()
        session, mint = await again_if_contended(lambda: self._exchange(actor, token, kind, now))
        if session is not None and (mint is None or kind is SessionKind.COOKIE):
            await forget(self.cache, self.work, [session.id])
        if session is None or mint is None:
            raise RefreshRefused
        return granted(session, _child(mint, token), mint, self.signer, self.ids, now)

    async def _exchange(
        self, actor: Actor, token: str, kind: SessionKind, now: datetime
    ) -> tuple[Session | None, Mint | None]:
        """The session of a token, and what made its child, if it was renewed; what is written is kept in any case."""
        async with self.work() as work:
            session = await self._session(work, token, now)
            if session is None or (session.kind is SessionKind.COOKIE) is not (kind is SessionKind.COOKIE):
                return None, None
            if await work.refresh_tokens.use(digest(token), now):
                await refuse_elsewhere(work, actor, session.account_id)
                return await self._renew(work, session, token, now), self.mint
            sent = await work.refresh_tokens.get(digest(token))
            if sent is not None and sent.used_at is not None and now - sent.used_at <= GRACE:
                await refuse_elsewhere(work, actor, session.account_id)
                return session, await self._maker(work, token)
            await work.sessions.save(replace(session, ended_at=now, end_reason=EndReason.REUSE_DETECTED))
            await _warn(work, session)
            return session, None

    async def _session(self, work: IdentityWork, token: str, now: datetime) -> Session | None:
        """The session of a token, held, unless it has ended or its account may not be used."""
        sent = await work.refresh_tokens.get(digest(token))
        session = None if sent is None else await work.sessions.lock(sent.session_id)
        if session is None or session.ending(now) is not None:
            return None
        account = await work.accounts.get(session.account_id)
        return session if account is not None and account.status is AccountStatus.ACTIVE else None

    async def _renew(self, work: IdentityWork, session: Session, token: str, now: datetime) -> Session:
        child = _child(self.mint, token)
        await work.refresh_tokens.add(
            RefreshToken(hash=digest(child), session_id=session.id, created_at=now, parent_hash=digest(token))
        )
        renewed = replace(session, used_at=now)
        if session.kind is SessionKind.COOKIE:
            secret = digest(cookie_token(self.mint, child))
            renewed = replace(renewed, token_hash=secret, old_token_hash=session.token_hash, rotated_at=now)
        await work.sessions.save(renewed)
        return renewed

    async def _maker(self, work: IdentityWork, token: str) -> Mint | None:
        """What made the child of a token, if we can: its key may have been changed since, or be changed right now."""
        for mint in self.mint.all():
            if await work.refresh_tokens.get(digest(_child(mint, token))) is not None:
                return mint
        return None


def _child(mint: Mint, token: str) -> str:
    return mint.derive("refresh", token)


async def _warn(work: IdentityWork, session: Session) -> None:
    """Write to the owner that somebody had a token of the session."""
    account = await work.accounts.get(session.account_id)
    if account is not None and account.email is not None:
        params = {"agent": session.agent, "address": session.address}
        work.publish(
            LetterWanted(letter="identity.token_reused", to=account.email, language=account.language, params=params)
        )
