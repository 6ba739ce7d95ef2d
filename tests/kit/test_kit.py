"""The test kit on memory and on real servers: swaps, and running until nothing waits."""

import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from dishka.exception_base import DishkaError

from adapters.memory.clock import FakeClock
from adapters.memory.store import MemoryStore
from adapters.postgres.store import PostgresStore
from core.inventory.alerts import AlertReader
from core.inventory.events import MovementApplied, StockAdjusted, StockFellLow
from core.inventory.ports import InventoryWork
from core.kernel.cache import Cache, Load
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from core.kernel.ids import Ids
from core.kernel.messages import MessagePublisher, Record
from core.kernel.outbox import Delivery, OutboxReader
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork
from entrypoints.shared.settings import ROOT
from tests.support.app import App
from tests.support.http import PRODUCT, SOURCE, Client, sample
from tests.support.kit import Events
from tests.support.stand import read_words

THRESHOLD = f"/api/v1/warehouse/{SOURCE}/products/{PRODUCT}/threshold"


@pytest.fixture(params=["memory", "kafka", "postgres", "postgres,redis,kafka"])
def adapters(request: pytest.FixtureRequest) -> frozenset[str]:
    """Every kind of stand, whatever the option says."""
    return read_words(request.param)


@dataclass
class FailingTimes(OpenWork[InventoryWork]):
    """Units of work for deliveries fail some times, and are another's then."""

    times: int
    inner: OpenWork[InventoryWork]
    error: Exception

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[InventoryWork]:
        if delivery is not None and self.times:
            self.times -= 1
            raise self.error
        async with self.inner(delivery, request) as work:
            yield work


class Forgetful(Cache):
    """Keeps nothing, and counts."""

    def __init__(self) -> None:
        self.loads = 0

    async def get(self, key: str, load: Load) -> bytes:
        self.loads += 1
        return await load()

    async def forget(self, keys: Sequence[str]) -> bool:
        return True


async def test_messages_are_taken_and_facts_are_heard(
    app: App, client: Client, events: Events, clock: FakeClock
) -> None:
    await client.adjust(100)
    await events.publish(sample("departure"), sample("arrival"))
    before = clock.now()
    await app.run_until_idle(clock)
    assert await client.quantity() == 0
    assert [fact.delta for fact in events.of(StockAdjusted)] == [100]
    assert len(events.of(MovementApplied)) == 2
    assert clock.now() == before


@pytest.mark.parametrize("error", [ValueError("no"), Unavailable(part="store")], ids=["fails", "is away"])
async def test_a_reaction_that_fails_is_tried_again_when_its_time_comes(
    app: App, client: Client, events: Events, clock: FakeClock, error: Exception
) -> None:
    works = FailingTimes(2, await app.get(OpenWork[InventoryWork]), error)
    app.replace(OpenWork[InventoryWork], works)
    await client.adjust(10)
    await client.http.put(THRESHOLD, json={"threshold": 20})
    assert len(events.of(StockFellLow)) == 1
    before = clock.now()
    await app.run_until_idle(clock)
    alerts = await (await app.get(AlertReader)).alerts(None, None, 10, None)
    assert len(alerts.items) == 1
    assert works.times == 0
    assert 0 < (clock.now() - before).total_seconds() < 3


async def test_dead_deliveries_are_nothing_to_wait_for(app: App, client: Client, clock: FakeClock) -> None:
    app.replace(OpenWork[InventoryWork], FailingTimes(99, await app.get(OpenWork[InventoryWork]), ValueError("no")))
    await client.adjust(10)
    await client.http.put(THRESHOLD, json={"threshold": 20})
    await app.run_until_idle(clock)
    backlog = {each.subscriber: each for each in await (await app.get(OutboxReader)).backlog()}
    assert backlog["inventory.alerts"].dead == 1


async def test_who_is_away_for_ever_is_told_of(app: App, client: Client, clock: FakeClock) -> None:
    works = FailingTimes(10**9, await app.get(OpenWork[InventoryWork]), Unavailable(part="store"))
    app.replace(OpenWork[InventoryWork], works)
    await client.adjust(10)
    await client.http.put(THRESHOLD, json={"threshold": 20})
    with pytest.raises(AssertionError, match=r"not idle after 200 turns: .*inventory\.alerts"):
        await app.run_until_idle(clock)


async def test_an_adapter_may_be_replaced_at_any_time_and_what_is_stored_stays(app: App, client: Client) -> None:
    await client.adjust(100)
    cache = Forgetful()
    app.replace(Cache, cache)
    assert await client.quantity() == 100
    assert cache.loads == 1
    assert await app.get(Cache) is cache
    app.replace(Cache, Forgetful)
    assert isinstance(await app.get(Cache), Forgetful)
    assert await client.quantity() == 100
    assert cache.loads == 1


async def test_every_adapter_goes_by_the_clock(app: App, client: Client, clock: FakeClock) -> None:
    clock.advance(3600)
    answer = (await client.adjust(5)).json()
    assert answer["created_at"] == "2026-01-01T01:00:00Z"
    assert await app.get(Clock) is clock


async def test_the_app_stands_on_what_was_asked_for(app: App, adapters: frozenset[str]) -> None:
    assert type(await app.get(PostgresStore if "postgres" in adapters else MemoryStore))
    there = type(await app.get(Cache)).__module__, type(await app.get(MessagePublisher)).__module__
    assert there[0].split(".")[1] == ("redis" if "redis" in adapters else "memory")
    assert there[1].split(".")[1] == ("kafka" if "kafka" in adapters else "memory")


class Impostor:
    """Has the methods, and does not say what it is."""

    async def get(self, key: str, load: Load) -> bytes:
        return await load()


class Half(Cache):
    """Misses a method."""

    async def get(self, key: str, load: Load) -> bytes:
        return await load()


class Needy(Forgetful):
    """Needs what nobody has."""

    def __init__(self, wish: Mapping[str, Record]) -> None:
        super().__init__()
        self.wish = wish


class TestWrongReplacements:
    """They fail when they are made, and the application goes on with what it had."""

    @pytest.fixture
    def adapters(self) -> frozenset[str]:
        return read_words("memory")

    def test_another_kind_of_thing(self, app: App) -> None:
        with pytest.raises(TypeError, match=r"Impostor is no Cache: .*class Impostor\(Cache\)"):
            app.replace(Cache, Impostor())

    def test_methods_missing(self, app: App) -> None:
        with pytest.raises(TypeError, match="Half misses forget of Cache"):
            app.replace(Cache, Half)

    def test_a_port_that_nobody_asks_for(self, app: App) -> None:
        with pytest.raises(DishkaError, match="Forgetful"):
            app.replace(Forgetful, Forgetful())

    def test_needs_that_nobody_has(self, app: App) -> None:
        with pytest.raises(DishkaError) as raised:
            app.replace(Cache, Needy)
        assert "Mapping" in str(raised.value)
        assert "Needy" in str(raised.value)

    async def test_the_application_goes_on(self, app: App, client: Client) -> None:
        before = await app.get(Cache)
        with pytest.raises(TypeError):
            app.replace(Cache, Half)
        assert await app.get(Cache) is before
        assert (await client.adjust(5)).status_code == 201
        app.replace(Ids, await app.get(Ids))


@pytest.mark.parametrize("words", ["", "mysql", "memory,postgres", "memory,redis", "redis,kafka"])
def test_wrong_words(words: str) -> None:
    with pytest.raises(pytest.UsageError, match="--adapters"):
        read_words(words)


def test_wrong_words_end_the_run_before_any_test() -> None:
    words = [sys.executable, "-m", "pytest", "--adapters", "mysql", __file__]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "name some of memory, postgres, redis, kafka" in done.stderr
