"""The consumer end to end: from the log to what is durable, one variant in one process at a time."""

import asyncio
import statistics
from collections.abc import Sequence
from uuid import UUID

import msgspec
from confluent_kafka import Producer

from adapters.embedded.kafka import MockBroker
from benchmarks.inventory.workload import Moved, Workload
from benchmarks.processes import result_of, running
from benchmarks.servers import EMPTY, Servers, connected

TOPIC, PARTITIONS = "ru.retail.warehouses", 64
OURS = "benchmarks.inventory.consumer_ours"
ORM = "benchmarks.inventory.peers.consumer_orm"
ASYNCPG = "benchmarks.inventory.peers.consumer_asyncpg"
TABLES = {OURS: ("inventory.event", "inventory.stock"), ORM: ("peer.movement", "peer.stock")}
TABLES[ASYNCPG] = TABLES[OURS]

Quantities = dict[tuple[UUID, UUID], int]


class Load(msgspec.Struct, frozen=True):
    """Messages with their partitions, and the stock that they lead to."""

    messages: list[tuple[int, bytes]]
    quantities: Quantities
    stored: int = 0

    @property
    def size(self) -> float:
        """Bytes of a message."""
        return sum(len(message) for _, message in self.messages) / len(self.messages)


class Figures(msgspec.Struct, frozen=True):
    """What one run gave: events a second, and what one event cost."""

    rate: float
    client_us: float
    server_us: float
    wal_bytes: float


def together(parts: Sequence[Figures]) -> Figures:
    """What equal parts give as one run."""
    rate = statistics.harmonic_mean([part.rate for part in parts])
    return Figures(rate, *(statistics.fmean(costs) for costs in zip(*map(_costs, parts), strict=True)))


def _costs(figures: Figures) -> tuple[float, float, float]:
    return figures.client_us, figures.server_us, figures.wal_bytes


def load_of(workload: Workload, count: int) -> Load:
    """The next messages of a workload, keyed as warehouses key them."""
    stored = workload.number
    moved: Sequence[Moved] = workload.take(count)
    messages = [(hash(each.stock) % PARTITIONS, workload.message(each)) for each in moved]
    return Load(messages, dict(workload.quantities), stored)


def run(servers: Servers, variant: str, load: Load, template: str = EMPTY) -> Figures:
    """Consume a load with one variant and check what came of it.

    :param template: the database to start from.
    """
    with servers.database(template) as url:
        return run_at(servers, url, variant, load)


def run_at(servers: Servers, url: str, variant: str, load: Load) -> Figures:
    """Consume a load into a database that stays, and check what came of it."""
    count = len(load.messages)
    with MockBroker() as broker:
        produce(broker, TOPIC, load.messages)
        servers.checkpoint()
        wal, cpu = servers.wal(), servers.cpu()
        with running(variant, url=url, bootstrap=broker.bootstrap, topic=TOPIC, events=count) as child:
            told = result_of(child)
        cpu, wal = servers.cpu() - cpu, servers.wal() - wal
        asyncio.run(check(url, variant, load))
    return Figures(told["rate"], told["client_us"], cpu / count * 1e6, wal / count)


def produce(broker: MockBroker, topic: str, messages: Sequence[tuple[int, bytes]]) -> None:
    """Put messages into a new topic.

    :raises RuntimeError: the broker did not keep them all.
    """
    broker.create_topic(topic, PARTITIONS)
    producer = Producer(
        {"bootstrap.servers": broker.bootstrap, "linger.ms": 20, "queue.buffering.max.messages": 1_000_000}
    )
    for number, (partition, message) in enumerate(messages):
        producer.produce(topic, message, partition=partition)
        if number % 10_000 == 0:
            producer.poll(0)
    if producer.flush(60):
        raise RuntimeError("the broker did not take the messages")


async def check(url: str, variant: str, load: Load) -> None:
    """Compare what is stored with the oracle.

    :raises AssertionError: rows or stocks differ, or one is negative.
    """
    events, stock = TABLES[variant]
    async with connected(url) as connection:
        rows = await connection.fetchval(f"SELECT count(*) FROM {events}")
        stocks = await connection.fetch(f"SELECT warehouse_id, product_id, quantity FROM {stock}")
    found = {(warehouse, product): quantity for warehouse, product, quantity in stocks}
    assert rows == load.stored + len(load.messages), f"{variant}: {rows} events are stored"
    assert min(found.values()) >= 0, f"{variant}: a stock is negative"
    assert found == load.quantities, f"{variant}: stocks differ from the oracle"
