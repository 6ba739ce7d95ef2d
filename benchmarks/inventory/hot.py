"""Several consumers at once on stocks that all of them change: eight hot ones, or as many as there are."""

import asyncio

import msgspec

from adapters.embedded.kafka import MockBroker
from benchmarks.inventory import consumer
from benchmarks.inventory.workload import Workload
from benchmarks.processes import result_of, running
from benchmarks.servers import Servers, connected

CONSUMERS = 4
HOT, SPREAD = "8 hot stocks", "20000 stocks"
WORKLOADS = {HOT: (2, 4), SPREAD: (100, 200)}
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


class Figures(msgspec.Struct, frozen=True):
    """What one run gave: events a second of all consumers together, and deadlocks from first to last."""

    rate: float
    client_us: float
    server_us: float
    deadlocks: float


def load_of(name: str, count: int) -> consumer.Load:
    """So many events on hot stocks, or on all."""
    return consumer.load_of(Workload(*WORKLOADS[name]), count)


def run(servers: Servers, load: consumer.Load) -> Figures:
    """Deal the messages out in turn, whatever their stock is, so that all consumers meet at every stock; check them.

    The mock broker serves one consumer of a group, so each has a group and a topic of its own.
    """
    count = len(load.messages)
    with servers.database() as url, MockBroker() as broker:
        for number in range(CONSUMERS):
            consumer.produce(broker, f"{consumer.TOPIC}.{number}", load.messages[number::CONSUMERS])
        servers.checkpoint()
        cpu = servers.cpu()
        told = {"url": url, "bootstrap": broker.bootstrap, "topic": consumer.TOPIC, "events": count}
        with running(consumer.OURS, **told, consumers=CONSUMERS) as child:
            found = result_of(child)
        cpu = servers.cpu() - cpu
        asyncio.run(consumer.check(url, consumer.OURS, load))
        return Figures(found["rate"], found["client_us"], cpu / count * 1e6, asyncio.run(_deadlocks(url)))


async def _deadlocks(url: str) -> float:
    async with connected(url) as connection:
        return float(await connection.fetchval(DEADLOCKS))
