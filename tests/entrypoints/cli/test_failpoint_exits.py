"""Processes that die at a failpoint, and what is left when they come back: every effect once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from adapters.embedded.kafka import MockBroker
from adapters.memory.facts import MemoryListener
from adapters.postgres.alerts import PostgresAlertReader
from adapters.postgres.outbox_care import PostgresOutboxReader
from adapters.postgres.stocks import PostgresStockReader
from adapters.postgres.unit_of_work import OpenInventoryWork
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from contracts.ports.lanes import fact
from core.inventory.events import StockFellLow
from core.kernel.facts import Fact
from entrypoints.shared.modules import MODULES
from entrypoints.shared.wiring import subscriptions_of
from tests.contract.kafka.test_outlet import PARTITIONS, OutletSubject
from tests.support.events import World, message_of
from tests.support.eventually import eventually
from tests.support.kafka_log import KafkaLog
from tests.support.postgres import store_of
from tests.support.program import PATIENCE, Program

DIED = 70
FACTS = [fact(stock, number) for number in range(1, 6) for stock in range(4)]
LOW = StockFellLow(warehouse_id=UUID(int=1), product_id=UUID(int=1), quantity=1, threshold=2)


class Place:
    """A database, a broker, and programs over them."""

    def __init__(self, url: str, broker: MockBroker, data_dir: Path) -> None:
        self.url, self.broker = url, broker
        self.events_topic = f"t{uuid4().hex}"
        broker.create_topic(self.events_topic, PARTITIONS)
        self.log = KafkaLog(broker.bootstrap, 2)
        broker.create_topic(self.log.topic, 2)
        self._data_dir = data_dir

    def program(self, failpoint: str = "") -> Program:
        """A program that fails there."""
        return Program(
            self._data_dir,
            SOTY_PROFILE="test",
            SOTY_POSTGRES_URL=self.url,
            SOTY_KAFKA_BOOTSTRAP=self.broker.bootstrap,
            SOTY_KAFKA_EVENTS_TOPIC=self.events_topic,
            SOTY_KAFKA_TOPICS=self.log.topic,
            SOTY_KAFKA_GROUP=self.log.settings.group,
            SOTY_SCHEDULER_PORT="0",
            SOTY_FAILPOINT=failpoint,
        )

    async def publish(self, facts: Sequence[Fact]) -> None:
        """Commit facts one after another."""
        async with store_of(self.url) as store:
            subscriptions = subscriptions_of(*MODULES, kafka=True)
            opens = OpenInventoryWork(store, MemoryListener(()), subscriptions, SystemClock(), Uuid7Ids())
            for each in facts:
                async with opens() as work:
                    work.publish(each)

    async def die(self, command: str, failpoint: str) -> None:
        """Run a process until it dies there."""
        process = self.program(failpoint).start(command)
        told, _ = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
        assert process.returncode == DIED, told

    @asynccontextmanager
    async def running(self, command: str) -> AsyncIterator[None]:
        """A process that runs without a fault, and ends when it is told to."""
        process = self.program().start(command)
        assert process.stdout is not None
        try:
            while " ready" not in (line := await asyncio.to_thread(process.stdout.readline)):
                assert line, f"{command} does not start"
            yield
        finally:
            process.terminate()
            told, _ = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
        assert process.returncode == 0, told

    async def nothing_waits(self) -> bool:
        """Whether all deliveries are done."""
        async with store_of(self.url) as store:
            return await PostgresOutboxReader(store).backlog() == []

    async def alerts(self) -> int:
        """How many alerts there are."""
        async with store_of(self.url) as store:
            return len((await PostgresAlertReader(store).alerts(None, None, 10, None)).items)


@pytest.fixture
def place(fresh_postgres_url: str, mock_kafka: MockBroker, data_dir: Path) -> Place:
    """An empty database, and topics of this test alone."""
    return Place(fresh_postgres_url, mock_kafka, data_dir)


@pytest.mark.parametrize("failpoint", ["lanes.finish.before:exit", "subscriber.take.before:exit"])
async def test_a_scheduler_that_dies_before_it_says_done_loses_no_fact(place: Place, failpoint: str) -> None:
    await place.publish(FACTS)
    await place.die("scheduler", failpoint)
    assert not await place.nothing_waits()
    async with place.running("scheduler"):
        await eventually(place.nothing_waits, PATIENCE)
    sent = await OutletSubject(place.broker.bootstrap, place.events_topic).events()
    assert (len(sent) > len(FACTS)) is failpoint.startswith("lanes")
    once = list({event["id"]: event for event in sent}.values())
    assert len(once) == len(FACTS)
    for key in {each.key() for each in FACTS}:
        assert [event["data"]["delta"] for event in once if event["subject"] == key] == [1, 2, 3, 4, 5]


async def test_a_reaction_that_dies_behind_its_commit_has_its_effect_once(place: Place) -> None:
    await place.publish([LOW])
    # A sweep commits too, before the reaction or after it.
    for nth in count(2):
        await place.die("scheduler", f"work.commit.after@{nth}:exit")
        if await place.alerts():
            break
    async with place.running("scheduler"):
        await eventually(place.nothing_waits, PATIENCE)
    assert await place.alerts() == 1


async def test_a_consumer_that_dies_behind_its_commit_counts_a_message_once(place: Place) -> None:
    world = World()
    await place.log.publisher.publish(place.log.topic, b"k", message_of(world.arrival(1, 10)))
    await place.die("consumer", "work.commit.after:exit")
    assert await place.log.unfinished() == 1
    async with place.running("consumer"):
        await eventually(lambda: _is_finished(place), PATIENCE)
    async with store_of(place.url) as store:
        stock = await PostgresStockReader(store).stock(world.warehouse(2), world.product())
    assert stock.quantity == 10
    await place.log.close()


async def _is_finished(place: Place) -> bool:
    return await place.log.unfinished() == 0
