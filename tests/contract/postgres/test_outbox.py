"""The PostgreSQL adapter keeps the promises of the outbox."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from adapters.memory.clock import FakeClock
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from adapters.postgres.bell import PostgresBell
from adapters.postgres.lanes import PostgresLanes
from adapters.postgres.outbox_care import PostgresOutboxReader, PostgresOutboxUpkeep
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import PostgresStore
from adapters.postgres.unit_of_work import OpenInventoryWork
from contracts.ports.bell import BellSubject, BellSuite
from contracts.ports.lanes import SUBSCRIPTIONS, LanesSuite, OutboxSubject
from core.kernel.outbox import Lanes
from core.kernel.secret import Secret
from tests.support.eventually import eventually
from tests.support.postgres import store_of


@asynccontextmanager
async def bell_of(url: str) -> AsyncIterator[PostgresBell]:
    bell = PostgresBell(PostgresSettings(url=Secret(url)))
    yield bell
    await bell.close()


def outbox(store: PostgresStore, bell: PostgresBell, other_bell: PostgresBell) -> OutboxSubject:
    clock = FakeClock()

    async def another() -> Lanes:
        return PostgresLanes(store, clock, other_bell)

    opens = OpenInventoryWork(store, MemoryListener(()), SUBSCRIPTIONS, clock, SeededIds())
    reader, upkeep = PostgresOutboxReader(store), PostgresOutboxUpkeep(store)
    return OutboxSubject(opens, PostgresLanes(store, clock, bell), reader, upkeep, clock, another)


class OnPostgres:
    """Every test starts with an empty database."""

    @pytest.fixture
    async def pair(self, fresh_postgres_url: str) -> AsyncIterator[BellSubject]:
        """An outbox and its bell."""
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(store_of(fresh_postgres_url))
            bell, other = [await stack.enter_async_context(bell_of(fresh_postgres_url)) for _ in range(2)]
            yield BellSubject(outbox(store, bell, other), bell, other)


class TestLanes(OnPostgres, LanesSuite):
    """Leases, fences, order per key."""

    @pytest.fixture
    def subject(self, pair: BellSubject) -> OutboxSubject:
        """The outbox alone."""
        return pair.outbox

    async def test_lanes_of_a_dead_relay_are_free_at_once(self, fresh_postgres_url: str, pair: BellSubject) -> None:
        subject = pair.outbox
        await subject.publish((1, 1))
        other = await subject.another()
        assert await other.claim("one", 64) is not None
        assert await subject.lanes.claim("one", 64) is None
        assert isinstance(other, PostgresLanes)
        await other._bell.close()

        async def free() -> bool:
            return await subject.lanes.claim("one", 64) is not None

        await eventually(free)


class TestBell(OnPostgres, BellSuite):
    """Waking."""

    @pytest.fixture
    def subject(self, pair: BellSubject) -> BellSubject:
        """The outbox and its bell."""
        return pair
