"""Consumer processes of one group on a real Apache Kafka, while they are killed and replaced."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from dishka import AsyncContainer

from adapters.postgres.settings import PostgresSettings
from core.inventory.api import MovementView, StockView
from core.inventory.domain.movement import MovementEvent
from core.inventory.ports import MovementFilter, MovementReader, StockReader
from core.inventory.usecases.record_messages import RecordMessages
from core.kernel.secret import Secret
from entrypoints.consumer.container import build
from entrypoints.shared.settings import AppSettings, Settings
from tests.support.consumer_process import Store, postgres_tables, recorded
from tests.support.covered_stream import Stream, covered_stream
from tests.support.events import message_of
from tests.support.eventually import eventually
from tests.support.kafka_log import KafkaLog
from tests.support.program import Program
from tests.support.real_kafka import RealKafka

PARTITIONS = 6
MOVEMENTS = 11_500
PATIENCE = 120.0

pytestmark = pytest.mark.broker


class Group:
    """Processes of one group on a topic and a database."""

    def __init__(self, log: KafkaLog, postgres_url: str, folder: Path) -> None:
        self.log, self.postgres_url = log, postgres_url
        self._program = Program(
            folder,
            SOTY_PROFILE="test",
            SOTY_POSTGRES_URL=postgres_url,
            SOTY_KAFKA_BOOTSTRAP=log.settings.bootstrap or "",
            SOTY_KAFKA_GROUP=log.settings.group,
            SOTY_KAFKA_TOPICS=log.topic,
        )
        self._processes: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        """One more process."""
        process = self._program.start("consumer")
        self._processes.append(process)
        return process

    async def until_left(self, messages: int) -> None:
        """Wait until no more than so many messages are unfinished."""

        async def reached() -> bool:
            return await self.log.unfinished() <= messages

        await eventually(reached, PATIENCE)

    async def end(self) -> list[int]:
        """Stop all gracefully and give their exit codes."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        codes = [await asyncio.to_thread(_ended, process) for process in self._processes]
        self._processes.clear()
        return codes


def _ended(process: subprocess.Popen[str]) -> int:
    process.communicate(timeout=30)
    return process.returncode


async def send(log: KafkaLog, events: list[MovementEvent], seed: int) -> None:
    """Append to partitions at random."""
    random = Random(seed)
    producer = AIOKafkaProducer(bootstrap_servers=log.settings.bootstrap, linger_ms=5)
    await producer.start()
    try:
        for event in events:
            await producer.send(log.topic, message_of(event), partition=random.randrange(PARTITIONS))
        await producer.flush()
    finally:
        await producer.stop()


async def state_of(container: AsyncContainer, stream: Stream) -> tuple[dict[Any, int], list[MovementView]]:
    """All stocks and all movements, through the ports."""
    stocks, movements = await container.get(StockReader), await container.get(MovementReader)
    pairs: dict[tuple[UUID, UUID], int] = {}
    for warehouse in {event.warehouse_id for event in stream.events}:
        found: list[StockView] = (await stocks.products(warehouse, 200, None)).items
        pairs |= {(view.warehouse_id, view.product_id): view.quantity for view in found}
    views: dict[UUID, MovementView] = {}
    cursor = None
    while True:
        page = await movements.movements(MovementFilter(), 200, cursor)
        views |= {view.movement_id: view for view in page.items}
        cursor = page.next_cursor
        if cursor is None:
            return pairs, sorted(views.values(), key=lambda view: view.movement_id)


async def oracle(stream: Stream) -> tuple[dict[Any, int], list[MovementView]]:
    """The same state by the memory adapter, without repetitions and in another order."""
    container = build(Settings(app=AppSettings(profile="memory")), Store())
    try:
        await recorded(await container.get(RecordMessages), [message_of(event) for event in stream.events])
        return await state_of(container, stream)
    finally:
        await container.close()


@pytest.fixture
async def group(real_kafka: RealKafka, fresh_postgres_url: str, tmp_path: Path) -> AsyncIterator[Group]:
    async with AsyncExitStack() as stack:
        log = KafkaLog(real_kafka.bootstrap, PARTITIONS)
        stack.push_async_callback(log.close)
        await real_kafka.create_topic(log.topic, PARTITIONS)
        group = Group(log, fresh_postgres_url, tmp_path)
        stack.push_async_callback(group.end)
        yield group


async def test_killed_and_replaced_processes_end_in_the_state_of_the_oracle(group: Group) -> None:
    stream = covered_stream(7, MOVEMENTS)
    assert len(stream.events) > 20_000
    first, second = group.start(), group.start()
    await send(group.log, stream.sent, 7)
    await group.until_left(len(stream.sent) * 3 // 4)
    first.kill()
    group.start()
    await group.until_left(len(stream.sent) // 2)
    second.send_signal(signal.SIGTERM)
    await group.until_left(0)
    assert sorted(await group.end()) == [-signal.SIGKILL, 0, 0]

    settings = Settings(app=AppSettings(profile="test"), postgres=PostgresSettings(url=Secret(group.postgres_url)))
    container = build(settings)
    try:
        stocks, movements = await state_of(container, stream)
    finally:
        await container.close()
    assert stocks == stream.stocks()
    assert (stocks, movements) == await oracle(stream)

    before = await postgres_tables(group.postgres_url)
    await group.log.rewind()
    group.start()
    await group.until_left(0)
    assert await group.end() == [0]
    assert await postgres_tables(group.postgres_url) == before
