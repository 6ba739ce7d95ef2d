"""The memory adapter keeps the promises of the outbox."""

import pytest

from adapters.memory.clock import FakeClock
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from adapters.memory.outbox import MemoryBell, MemoryLanes, MemoryOutboxReader, MemoryOutboxUpkeep
from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryWork
from contracts.ports.bell import BellSubject, BellSuite
from contracts.ports.lanes import SUBSCRIPTIONS, LanesSuite, OutboxSubject
from core.kernel.outbox import Lanes


def outbox() -> tuple[OutboxSubject, MemoryStore]:
    store, clock = MemoryStore(), FakeClock()
    lanes = MemoryLanes(store, clock)

    async def another() -> Lanes:
        return MemoryLanes(store, clock)

    opens = OpenMemoryWork(store, MemoryListener(()), SUBSCRIPTIONS, clock, SeededIds())
    subject = OutboxSubject(opens, lanes, MemoryOutboxReader(store), MemoryOutboxUpkeep(store), clock, another)
    return subject, store


class TestLanes(LanesSuite):
    """Leases, fences, order per key."""

    @pytest.fixture
    def subject(self) -> OutboxSubject:
        """An empty store."""
        return outbox()[0]


class TestBell(BellSuite):
    """Waking."""

    @pytest.fixture
    def subject(self) -> BellSubject:
        """A bell over a store and what writes there."""
        subject, store = outbox()
        return BellSubject(subject, MemoryBell(store), MemoryBell(store))
