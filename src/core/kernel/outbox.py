"""The outbox: facts on their way from the transaction that made them to each of their subscribers."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID
from zlib import crc32

import msgspec

from core.kernel.errors import Kind, SotyError
from core.kernel.facts import Fact

F = TypeVar("F", bound=Fact)

LANES = 64


def lane_of(key: str) -> int:
    """The lane that all facts of one key travel in, 0 to 63."""
    return crc32(key.encode()) % LANES


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One fact on its way to one subscriber.

    ``seq`` follows the order of commits among facts of one ``key``; ``payload`` is the fact as JSON; ``attempts``
    counts the failed ones; ``fence`` is the number under which ``lane`` was leased, so that whoever lost the lease
    cannot mark the delivery done.
    """

    subscriber: str
    seq: int
    id: UUID
    name: str
    version: int
    key: str
    lane: int
    fence: int
    payload: bytes
    occurred_at: datetime
    attempts: int = 0

    def fact(self, kind: type[F]) -> F:
        """The fact itself.

        :raises msgspec.ValidationError: it is of another kind.
        """
        return msgspec.json.decode(self.payload, type=kind)


class Superseded(SotyError):
    """A delivery was done by another relay, or its lane was leased to one; nothing is to be done any more."""

    code = "kernel.superseded"
    kind = Kind.CONFLICT


class Subscriptions(msgspec.Struct, frozen=True):
    """Who is told of what: names of subscribers by fact. A fact without any writes no row."""

    of: Mapping[type[Fact], tuple[str, ...]]

    @property
    def wanted(self) -> frozenset[type[Fact]]:
        """Facts with a subscriber."""
        return frozenset(self.of)


class Lease(msgspec.Struct, frozen=True):
    """Lanes of a subscriber that one relay works until a moment: the fencing number of each."""

    subscriber: str
    fences: Mapping[int, int]
    until: datetime


class Lanes(Protocol):
    """Deliveries that wait, and who works them.

    A lane is worked by one relay at a time. Inside it the deliveries of one key are given in the order of ``seq``: one
    that failed holds back those of its key that come later, dead or not, and nothing else.
    """

    @abstractmethod
    async def claim(self, subscriber: str, most: int) -> Lease | None:
        """Lease lanes that have something due; those of a relay that died are free at once.

        :param most: lanes at most.
        :returns: None when there is nothing to do.
        :raises Unavailable: the store does not answer.
        """

    @abstractmethod
    async def next(self, lease: Lease, limit: int) -> list[Delivery]:
        """What is due, in the order of ``seq`` inside each lane; prolongs the lease.

        :returns: nothing when all is done or the lease was lost.
        :raises Unavailable: the store does not answer.
        """

    @abstractmethod
    async def finish(self, deliveries: Sequence[Delivery]) -> None:
        """Mark deliveries done, unless their lanes were leased to another since.

        :raises Unavailable: the store does not answer; they will be given again.
        """

    @abstractmethod
    async def fail(self, delivery: Delivery, error: str, retry_at: datetime | None) -> None:
        """Note a failed attempt; the delivery is due again at a moment, or dead when that is None.

        :raises Unavailable: the store does not answer.
        """

    @abstractmethod
    async def release(self, lease: Lease, resume_at: datetime | None = None) -> None:
        """Give lanes back.

        :param resume_at: nobody is to work them before.
        :raises Unavailable: the store does not answer.
        """


class Bell(Protocol):
    """Wakes one who waits for facts; others have bells of their own, and each of these rings."""

    @abstractmethod
    async def wait(self, seconds: float) -> None:
        """Return when a fact may have been committed since the last call, or after some seconds; never fails."""


class Backlog(msgspec.Struct, frozen=True):
    """What waits for a subscriber: deliveries to be done, when the oldest was made, those held back, and dead ones.

    ``lanes`` are those of the 64 in which something is to be done, so as many relays may work at once.
    """

    subscriber: str
    pending: int
    oldest: datetime | None
    held: int
    dead: int
    lanes: int = 0


class OutboxReader(Protocol):
    """Measures the outbox."""

    @abstractmethod
    async def backlog(self) -> list[Backlog]:
        """One entry for each subscriber with deliveries that are not done, by name.

        :raises Unavailable: the store does not answer.
        """


class OutboxUpkeep(Protocol):
    """Removes what nobody needs any more."""

    @abstractmethod
    async def sweep(self, before: datetime, limit: int) -> int:
        """Remove facts that are older than a moment and done everywhere, and kept answers to requests of that age.

        :param limit: rows of each at most, so that no lock lasts.
        :returns: how many were removed.
        :raises Unavailable: the store does not answer.
        """
