"""The scheduler over a real PostgreSQL and the mock broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import msgspec
import pytest
from aiokafka import AIOKafkaConsumer

from adapters.embedded.kafka import MockBroker
from adapters.kafka.settings import KafkaSettings
from adapters.memory.facts import MemoryListener
from adapters.postgres.deliveries import PostgresDeliveryReader
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.unit_of_work import OpenInventoryWork
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from contracts.ports.lanes import fact
from core.kernel.secret import Secret
from entrypoints.scheduler.main import run
from entrypoints.shared.listening import listen
from entrypoints.shared.modules import MODULES
from entrypoints.shared.settings import AppSettings, Settings
from entrypoints.shared.wiring import subscriptions_of
from tests.support.eventually import eventually
from tests.support.postgres import store_of

TOPIC = "facts-of-a-test"
STOCKS, EACH = 20, 10


def settings(url: str, broker: MockBroker) -> Settings:
    return Settings(
        app=AppSettings(profile="test"),
        postgres=PostgresSettings(url=Secret(url)),
        kafka=KafkaSettings(bootstrap=broker.bootstrap, events_topic=TOPIC),
    )


@asynccontextmanager
async def running(wanted: Settings) -> AsyncIterator[str]:
    stop, said = asyncio.Event(), asyncio.get_running_loop().create_future()
    task = asyncio.create_task(run(wanted, listen("127.0.0.1", 0), stop, said.set_result))
    try:
        yield await asyncio.wait_for(said, 20)
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


@pytest.fixture
def broker(mock_kafka: MockBroker) -> MockBroker:
    mock_kafka.create_topic(TOPIC, 4)
    return mock_kafka


async def publish(url: str) -> None:
    subscriptions = subscriptions_of(*MODULES, kafka=True)
    async with store_of(url) as store:
        opens = OpenInventoryWork(store, MemoryListener(()), subscriptions, SystemClock(), Uuid7Ids())
        for number in range(EACH):
            async with opens() as work:
                work.publish(*(fact(stock, number + 1) for stock in range(STOCKS)))


async def test_two_schedulers_bring_every_fact_to_kafka_in_order_per_key(
    fresh_postgres_url: str, broker: MockBroker
) -> None:
    wanted = settings(fresh_postgres_url, broker)
    consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    seen: dict[str, list[int]] = {}
    try:
        async with running(wanted) as url, running(wanted):
            await publish(fresh_postgres_url)
            async with asyncio.timeout(30):
                while sum(map(len, seen.values())) < STOCKS * EACH:
                    event = msgspec.json.decode((await consumer.getone()).value)
                    seen.setdefault(event["subject"], []).append(event["data"]["delta"])
            async with httpx.AsyncClient() as client:
                assert (await client.get(f"{url}/health/ready")).status_code == 200
                assert 'soty_delivered_total{subscriber="kafka"}' in (await client.get(f"{url}/metrics")).text
    finally:
        await consumer.stop()
    assert list(seen.values()) == [list(range(1, EACH + 1))] * STOCKS


async def test_while_kafka_is_away_facts_wait_untried_and_the_scheduler_is_ready(fresh_postgres_url: str) -> None:
    with MockBroker() as broker:
        broker.create_topic(TOPIC, 4)
        broker.set_down(down=True)
        async with running(settings(fresh_postgres_url, broker)) as url, httpx.AsyncClient() as client:
            await publish(fresh_postgres_url)
            async with store_of(fresh_postgres_url) as store:
                reader = PostgresDeliveryReader(store)
                page = await reader.deliveries("kafka", None, 200, None, failed=False)
                assert len(page.items) == STOCKS * EACH
                waiting = f'soty_deliveries{{state="pending",subscriber="kafka"}} {STOCKS * EACH}.0'
                await eventually(lambda: _shows(client, url, waiting))
                assert (await client.get(f"{url}/health/ready")).status_code == 200
                assert (await reader.deliveries("kafka", None, 200, None, failed=True)).items == []
                broker.set_down(down=False)
                await eventually(lambda: _is_done(reader))


async def _shows(client: httpx.AsyncClient, url: str, line: str) -> bool:
    return line in (await client.get(f"{url}/metrics")).text


async def _is_done(reader: PostgresDeliveryReader) -> bool:
    return not (await reader.deliveries("kafka", None, 1, None, failed=False)).items
