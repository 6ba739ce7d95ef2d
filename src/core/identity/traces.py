"""The log of sign-ins, when sessions were last seen, and what goes when its time is over."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from core.identity.api import SignInMethod, SignInOutcome
from core.identity.domain.places import Place
from core.kernel.actor import Actor
from core.kernel.ids import Ids


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try to sign in; it has an account unless the name belongs to none, and a session where it began one.

    What was typed is not in it.
    """

    id: UUID
    at: datetime
    method: SignInMethod
    outcome: SignInOutcome
    account_id: UUID | None = None
    session_id: UUID | None = None
    address: str = ""
    agent: str = ""


def attempt_of(
    actor: Actor,
    ids: Ids,
    at: datetime,
    outcome: SignInOutcome,
    method: SignInMethod,
    account_id: UUID | None,
    session_id: UUID | None = None,
) -> Attempt:
    """What is noted of a try, which comes from where the actor is."""
    return Attempt(
        id=ids.new(),
        at=at,
        method=method,
        outcome=outcome,
        account_id=account_id,
        session_id=session_id,
        address=actor.origin.address,
        agent=actor.origin.agent,
    )


class Attempts(Protocol):
    """Tries to sign in, inside a unit of work; append-only until their time is over."""

    @abstractmethod
    async def add(self, attempt: Attempt) -> None:
        """Append one; it costs the same whether it has an account or not."""

    @abstractmethod
    async def places(self, account_id: UUID) -> list[Place]:
        """From where the owner of an account began the last 100 sessions of it, newest first."""


class Leftovers(Protocol):
    """What nobody needs any more; each call drops a bounded number of rows and is safe in several processes at once."""

    @abstractmethod
    async def drop_attempts(self, before: datetime, most: int) -> int:
        """Drop rows of the log of sign-ins from before a moment.

        :returns: how many it were.
        :raises Unavailable: the store does not answer.
        """

    @abstractmethod
    async def drop_sessions(self, before: datetime, most: int) -> int:
        """Drop sessions that ended, or could have lasted no longer, before a moment, with their tokens.

        :returns: how many it were.
        :raises Unavailable: the store does not answer.
        """

    @abstractmethod
    async def drop_codes(self, before: datetime, most: int) -> int:
        """Drop codes that were good until before a moment, used or not.

        :returns: how many it were.
        :raises Unavailable: the store does not answer.
        """


class AttemptReader(Protocol):
    """Reads the log of one account."""

    @abstractmethod
    async def attempts(self, account_id: UUID, limit: int, before: UUID | None) -> list[Attempt]:
        """Tries to sign in to an account, newest first.

        :param before: id of a row; only older ones are told of.
        """

    @abstractmethod
    async def last(self, account_id: UUID, but: UUID | None = None) -> Attempt | None:
        """The newest that began a session and was the owner's; None when there is none.

        :param but: a session that does not count.
        """


class LastSeen:
    """When sessions were last used in this process, since it was written down; lost when the process is killed."""

    def __init__(self) -> None:
        self._seen: dict[UUID, datetime] = {}

    def note(self, session_id: UUID, at: datetime) -> None:
        """Note that a session is in use."""
        self._seen[session_id] = at

    def take(self) -> dict[UUID, datetime]:
        """All that was noted; from then on nothing is."""
        seen, self._seen = self._seen, {}
        return seen

    def put_back(self, seen: Mapping[UUID, datetime]) -> None:
        """Note again what could not be written down, but for what is newer."""
        self._seen = {**seen, **self._seen}
