"""The loop of the consumer over the memory adapters."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.memory.cache import NoCache
from adapters.memory.facts import MemoryListener
from adapters.memory.messages import MemoryLog, MemoryMessageSource
from adapters.memory.quarantine_reader import MemoryQuarantineReader
from adapters.memory.stock_reader import MemoryStockReader
from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryWork
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from core.inventory.api import QuarantineView
from core.inventory.domain.movement import MovementEvent
from core.inventory.usecases.record_messages import RecordMessages
from core.kernel.errors import Unavailable
from core.kernel.outbox import Subscriptions
from entrypoints.consumer.intake import Intake
from entrypoints.consumer.metrics import IntakeMetrics
from entrypoints.shared.metrics import Metrics
from tests.support.events import World, message_of
from tests.support.eventually import eventually
from tests.support.faults import Faults, FaultySource, FaultyWork

TOPIC = "movements"


class Scene:
    """A log, a store and the loop between them, with faults on both sides."""

    def __init__(self) -> None:
        self.log, self.store, self.faults = MemoryLog(), MemoryStore(), Faults()
        self.source = FaultySource(MemoryMessageSource(self.log, "group", [TOPIC]))
        self.metrics = Metrics()
        clock, ids = SystemClock(), Uuid7Ids()
        opens = OpenMemoryWork(self.store, MemoryListener(()), Subscriptions({}), clock, ids)
        record = RecordMessages(FaultyWork(opens, self.faults), clock, ids, NoCache())
        self.intake = Intake(self.source, record, Uuid7Ids(), IntakeMetrics(self.metrics))
        self.stop = asyncio.Event()
        self.running: asyncio.Task[None] | None = None

    async def send(self, *events: MovementEvent) -> None:
        for event in events:
            await self.log.publish(TOPIC, b"k", message_of(event))

    def start(self) -> None:
        self.running = asyncio.create_task(self.intake.run(self.stop))

    async def end(self) -> None:
        self.stop.set()
        if self.running is not None:
            await self.running

    def lag(self) -> int:
        return self.source.lag()[TOPIC]

    async def idle(self) -> None:
        await eventually(lambda: self.lag() == 0)

    async def well(self) -> bool:
        try:
            await self.intake.check()
        except Unavailable:
            return False
        return True

    async def stock(self, world: World, warehouse: int = 2) -> int:
        view = await MemoryStockReader(self.store).stock(world.warehouse(warehouse), world.product())
        return view.quantity

    async def quarantine(self) -> list[QuarantineView]:
        return (await MemoryQuarantineReader(self.store).items(None, None, 50, None)).items

    def number(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    yield scene
    await scene.end()


async def test_applies_messages_and_finishes_them_in_the_log(scene: Scene) -> None:
    world = World()
    await scene.send(world.arrival(1, 7), world.arrival(2, 5))
    scene.start()
    await scene.idle()
    assert await scene.stock(world) == 12
    assert await scene.well()
    assert scene.number("soty_consumer_messages_total", outcome="applied") == 2
    assert scene.number("soty_consumer_batch_messages_sum") == 2
    await eventually(lambda: scene.number("soty_consumer_lag", topic=TOPIC) == 0)


async def test_waits_for_a_store_that_is_away_and_loses_nothing(scene: Scene) -> None:
    world = World()
    scene.faults.opening = [Unavailable(part="store") for _ in range(4)]
    await scene.send(world.arrival(1, 7))
    scene.start()
    await eventually(lambda: scene.faults.opened == 2)
    assert not await scene.well()
    assert scene.lag() == 1
    await scene.idle()
    assert await scene.well()
    assert await scene.stock(world) == 7
    assert scene.number("soty_consumer_failures_total", error="Unavailable") == 4


async def test_a_commit_whose_answer_was_lost_is_not_applied_twice(scene: Scene) -> None:
    world = World()
    scene.faults.closing = [Unavailable(part="store")]
    await scene.send(world.arrival(1, 7))
    scene.start()
    await scene.idle()
    assert await scene.stock(world) == 7
    assert scene.number("soty_consumer_messages_total", outcome="duplicate") == 1


async def test_sets_a_message_aside_that_makes_us_fail_and_applies_all_others(scene: Scene) -> None:
    world = World()
    scene.faults.breakers = {world.movement(4)}
    await scene.send(*(world.arrival(n, 1) for n in range(1, 10)))
    scene.start()
    await scene.idle()
    assert await scene.stock(world) == 8
    [item] = await scene.quarantine()
    assert item.reason == "unprocessable"
    assert (item.origin.topic, item.origin.offset) == (TOPIC, 3)
    assert item.details["error"].startswith("ZeroDivisionError, error_id ")
    assert (item.text or "").encode() == message_of(world.arrival(4, 1))
    assert scene.number("soty_consumer_messages_total", outcome="unprocessable") == 1


async def test_an_unknown_failure_that_passes_sets_nothing_aside(scene: Scene) -> None:
    world = World()
    scene.faults.opening = [ZeroDivisionError(), ZeroDivisionError()]
    await scene.send(world.arrival(1, 7), world.arrival(2, 7))
    scene.start()
    await scene.idle()
    assert await scene.stock(world) == 14
    assert await scene.quarantine() == []


async def test_keeps_a_message_until_quarantine_takes_it(scene: Scene) -> None:
    world = World()
    scene.faults.breakers = {world.movement(1)}
    await scene.send(world.arrival(1, 7))
    scene.faults.opening = [*[ZeroDivisionError()] * 3, Unavailable(part="store"), ZeroDivisionError()]
    scene.start()
    await scene.idle()
    assert [item.reason for item in await scene.quarantine()] == ["unprocessable"]


async def test_a_stop_ends_the_wait_for_a_store_and_leaves_the_batch(scene: Scene) -> None:
    scene.faults.opening = [Unavailable(part="store") for _ in range(99)]
    await scene.send(World().arrival(1, 7))
    scene.start()
    await eventually(lambda: scene.faults.opened >= 3)
    async with asyncio.timeout(0.5):
        await scene.end()
    assert scene.lag() == 1


async def test_a_stop_finishes_the_transaction_under_way(scene: Scene) -> None:
    world = World()
    scene.faults.gate.clear()
    await scene.send(world.arrival(1, 7))
    scene.start()
    await eventually(lambda: scene.faults.opened == 1)
    scene.stop.set()
    await asyncio.sleep(0.05)
    scene.faults.gate.set()
    await scene.end()
    assert await scene.stock(world) == 7
    assert scene.lag() == 0


async def test_drops_a_batch_whose_partitions_went_to_others(scene: Scene) -> None:
    scene.faults.opening = [Unavailable(part="store")]
    await scene.send(World().arrival(1, 7))
    scene.start()
    await eventually(lambda: scene.faults.opened == 1)
    scene.source.lost = True
    opened = scene.faults.opened
    await asyncio.sleep(0.3)
    assert scene.faults.opened == opened
    scene.source.lost = False
    await scene.idle()


async def test_asks_again_when_the_log_is_away(scene: Scene) -> None:
    world = World()
    scene.source.polling = [Unavailable(part="log"), Unavailable(part="log")]
    await scene.send(world.arrival(1, 7))
    scene.start()
    await eventually(lambda: not scene.source.polling)
    await scene.idle()
    assert await scene.stock(world) == 7


async def test_a_log_that_is_stuck_ends_the_process(scene: Scene) -> None:
    scene.source.polling = [RuntimeError("stuck")]
    with pytest.raises(RuntimeError, match="stuck"):
        await scene.intake.run(scene.stop)
