"""What sessions need from outside."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from core.identity.api import EndReason
from core.identity.domain.account import Account
from core.identity.domain.session import RefreshToken, Session
from core.kernel.paging import Page


class Sessions(Protocol):
    """Sessions inside a unit of work."""

    @abstractmethod
    async def add(self, session: Session) -> None:
        """Keep a new session."""

    @abstractmethod
    async def lock(self, session_id: UUID) -> Session | None:
        """A session, held against others until the unit of work ends; None when there is none."""

    @abstractmethod
    async def save(self, session: Session) -> None:
        """Put a session in the place of the one that is held."""

    @abstractmethod
    async def end(self, account_id: UUID, reason: EndReason, at: datetime, *, but: UUID | None = None) -> list[UUID]:
        """End all sessions of an account that were not ended before.

        :param but: one that goes on.
        :returns: the ids of those that it ended.
        """

    @abstractmethod
    async def live(self, account_id: UUID) -> list[UUID]:
        """The ids of the sessions of an account that were not ended; time may have."""


class Impersonations(Protocol):
    """Sessions in which somebody acts as another."""

    @abstractmethod
    async def end_by(self, impersonator_id: UUID, at: datetime) -> list[UUID]:
        """End all in which one account acts as others, as the staff ends them.

        :returns: the ids of those that it ended.
        """


class RefreshTokens(Protocol):
    """The chains of tokens of sessions, as hashes."""

    @abstractmethod
    async def add(self, token: RefreshToken) -> None:
        """Keep a token; nothing where it is kept already."""

    @abstractmethod
    async def use(self, token_hash: bytes, at: datetime) -> bool:
        """Mark a token as exchanged; False where it was before, or is not known. Of many at once one gets True."""

    @abstractmethod
    async def get(self, token_hash: bytes) -> RefreshToken | None:
        """One token, or None."""

    @abstractmethod
    async def drop(self, session_id: UUID) -> None:
        """Forget all tokens of a session, so that none of them is known any more."""


class SessionReader(Protocol):
    """Reads sessions."""

    @abstractmethod
    async def session(self, session_id: UUID) -> tuple[Session, Account] | None:
        """One session and the account that it belongs to, or None."""

    @abstractmethod
    async def sessions(self, account_id: UUID, limit: int, cursor: str | None) -> Page[Session]:
        """The sessions of an account, newest first, those that ended too.

        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def touch(self, seen: Mapping[UUID, datetime], apart: timedelta) -> None:
        """Write down when sessions were in use; one that ended stays as it is.

        :param seen: by session, in the order of their ids.
        :param apart: a moment that is not as much later than the one that is kept is left out.
        """
