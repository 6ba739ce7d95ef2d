"""Sessions and their tokens in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from adapters.memory.pages import after, page
from adapters.memory.store import MemoryStore, Tables
from core.identity.api import EndReason
from core.identity.domain.account import Account
from core.identity.domain.session import RefreshToken, Session
from core.identity.positions import BySession
from core.identity.sessions import Impersonations, RefreshTokens, SessionReader, Sessions
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class MemorySessions(Sessions):
    """Keeps sessions in a draft; since one unit of work writes at a time, nobody else ever holds one."""

    tables: Tables

    async def add(self, session: Session) -> None:
        """Keep a new session."""
        self.tables.sessions.put(session.id, session)

    async def lock(self, session_id: UUID) -> Session | None:
        """One session, or None."""
        return self.tables.sessions.get(session_id)

    async def save(self, session: Session) -> None:
        """Put a session in the place of the one there is."""
        self.tables.sessions.put(session.id, session)

    async def end(self, account_id: UUID, reason: EndReason, at: datetime, *, but: UUID | None = None) -> list[UUID]:
        """End all sessions of an account but one."""
        going = [session for session in self._live(account_id) if session.id != but]
        for session in going:
            self.tables.sessions.put(session.id, replace(session, ended_at=at, end_reason=reason))
        return [session.id for session in going]

    async def live(self, account_id: UUID) -> list[UUID]:
        """Sessions that were not ended."""
        return [session.id for session in self._live(account_id)]

    def _live(self, account_id: UUID) -> list[Session]:
        own = (session for session in self.tables.sessions.values() if session.account_id == account_id)
        return [session for session in own if session.ended_at is None]


@dataclass(frozen=True, slots=True)
class MemoryImpersonations(Impersonations):
    """Ends them in a draft."""

    tables: Tables

    async def end_by(self, impersonator_id: UUID, at: datetime) -> list[UUID]:
        """End all sessions in which somebody acts as another."""
        of_it = (each for each in self.tables.sessions.values() if each.impersonator_id == impersonator_id)
        going = [session for session in of_it if session.ended_at is None]
        for session in going:
            self.tables.sessions.put(session.id, replace(session, ended_at=at, end_reason=EndReason.ADMIN))
        return [session.id for session in going]


@dataclass(frozen=True, slots=True)
class MemoryRefreshTokens(RefreshTokens):
    """Keeps tokens in a draft."""

    tables: Tables

    async def add(self, token: RefreshToken) -> None:
        """Keep a token unless it is there."""
        if self.tables.refresh_tokens.get(token.hash) is None:
            self.tables.refresh_tokens.put(token.hash, token)

    async def use(self, token_hash: bytes, at: datetime) -> bool:
        """Mark a token as exchanged, once."""
        token = self.tables.refresh_tokens.get(token_hash)
        if token is None or token.used_at is not None:
            return False
        self.tables.refresh_tokens.put(token_hash, replace(token, used_at=at))
        return True

    async def get(self, token_hash: bytes) -> RefreshToken | None:
        """One token, or None."""
        return self.tables.refresh_tokens.get(token_hash)

    async def drop(self, session_id: UUID) -> None:
        """Forget the tokens of a session."""
        for token in list(self.tables.refresh_tokens.values()):
            if token.session_id == session_id:
                self.tables.refresh_tokens.remove(token.hash)


@dataclass(frozen=True, slots=True)
class MemorySessionReader(SessionReader):
    """Reads what is committed; lists look at every session."""

    store: MemoryStore

    async def session(self, session_id: UUID) -> tuple[Session, Account] | None:
        """One session and its account, or None."""
        session = self.store.committed.sessions.get(session_id)
        account = None if session is None else self.store.committed.accounts.get(session.account_id)
        return None if session is None or account is None else (session, account)

    async def sessions(self, account_id: UUID, limit: int, cursor: str | None) -> Page[Session]:
        """The sessions of an account, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, BySession)
        rows = (
            (BySession(session.id), session)
            for session in sorted(self.store.committed.sessions.values(), key=lambda each: each.id, reverse=True)
            if session.account_id == account_id and (start is None or session.id < start.id)
        )
        return page(rows, limit)

    async def touch(self, seen: Mapping[UUID, datetime], apart: timedelta) -> None:
        """Write down when sessions were in use."""
        for session_id, at in seen.items():
            session = self.store.committed.sessions.get(session_id)
            if session is not None and session.ended_at is None and session.used_at <= at - apart:
                self.store.committed.sessions.put(session_id, replace(session, used_at=at))
