"""What every subscriber promises to the relay."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery, lane_of
from core.kernel.relay import Subscriber


def delivery(seq: int, key: str, payload: bytes = b"{}") -> Delivery:
    """Fact ``seq`` on its way."""
    return Delivery(
        subscriber="one",
        seq=seq,
        id=UUID(int=7 << 76 | 1 << 63 | seq),
        name="tests.happened",
        version=1,
        key=key,
        lane=lane_of(key),
        fence=1,
        payload=payload,
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@dataclass
class SubscriberSubject(ABC):
    """A subscriber and how tests make what it tells fail; ``refused`` are ``seq`` that it cannot take."""

    subscriber: Subscriber
    refused: set[int] = field(default_factory=set)

    @abstractmethod
    async def effects(self) -> list[int]:
        """What took effect: ``seq`` in the order of their effects."""

    @abstractmethod
    async def away(self) -> None:
        """Make what the subscriber needs unavailable."""

    @abstractmethod
    async def back(self) -> None:
        """Make it available again."""

    @abstractmethod
    async def refuse(self, seq: int) -> Delivery:
        """A delivery of key ``a`` that can never be taken."""


class SubscriberSuite:
    """Order per key, failures, and a subscriber that is away."""

    @pytest.fixture
    async def subject(self) -> SubscriberSubject:
        """The subscriber under test."""
        raise NotImplementedError

    async def test_an_empty_batch_is_harmless(self, subject: SubscriberSubject) -> None:
        taken = await subject.subscriber.take([])
        assert (list(taken.done), list(taken.failed)) == ([], [])

    async def test_all_are_taken_in_order_per_key(self, subject: SubscriberSubject) -> None:
        batch = [delivery(seq, key="ab"[seq % 2]) for seq in range(1, 41)]
        taken = await subject.subscriber.take(batch)
        assert list(taken.failed) == []
        assert set(_seqs(taken.done)) <= set(_seqs(batch))
        _assert_order(await subject.effects(), batch)
        assert sorted(await subject.effects()) == _seqs(batch)

    async def test_a_failed_one_fails_alone_and_stops_its_key(self, subject: SubscriberSubject) -> None:
        poison = await subject.refuse(2)
        batch = [delivery(1, "a"), poison, delivery(3, "a"), delivery(4, "b"), delivery(5, "a")]
        taken = await subject.subscriber.take(batch)
        ((failed, error),) = taken.failed
        assert failed == poison
        assert str(error)
        effects = await subject.effects()
        assert 2 not in effects
        assert [seq for seq in effects if seq in {1, 3, 5}] == [1]
        assert 4 in effects
        assert set(_seqs(taken.done)) <= {1, 4}

    async def test_one_that_is_away_loses_nothing(self, subject: SubscriberSubject) -> None:
        batch = [delivery(seq, key="ab"[seq % 2]) for seq in range(1, 11)]
        await subject.away()
        with pytest.raises(Unavailable):
            await subject.subscriber.take(batch)
        await subject.back()
        taken = await subject.subscriber.take(batch)
        assert list(taken.failed) == []
        effects = await subject.effects()
        assert set(effects) == set(_seqs(batch))
        _assert_order(list(dict.fromkeys(effects)), batch)


def _seqs(deliveries: Sequence[Delivery]) -> list[int]:
    return [each.seq for each in deliveries]


def _assert_order(effects: list[int], batch: Sequence[Delivery]) -> None:
    for key in {each.key for each in batch}:
        mine = [each.seq for each in batch if each.key == key]
        assert [seq for seq in effects if seq in mine] == mine
