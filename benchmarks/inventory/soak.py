"""A consumer under a long stream: how much memory it holds, and what is stored when it is killed again and again."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
from confluent_kafka import Producer

from adapters.embedded.kafka import MockBroker
from benchmarks.inventory import consumer
from benchmarks.inventory.workload import Workload
from benchmarks.processes import running
from benchmarks.servers import Servers, connected

WAVE = 50_000
LOOK_SECONDS = 0.25
SILENCE = 180.0
ENDLESS = 10**9


class Figures(msgspec.Struct, frozen=True):
    """Megabytes after a tenth of all events and at the end, their ratio less 1, and how often the process was killed.

    Memory is told of a process that was not killed.
    """

    rate: float
    kills: float
    first_mb: float | None
    last_mb: float | None
    drift: float | None


class Stream:
    """Sends the messages of a workload in waves, so that the broker, which forgets, never holds many."""

    def __init__(self, broker: MockBroker, events: int) -> None:
        """:param events: how many there will be."""
        broker.create_topic(consumer.TOPIC, consumer.PARTITIONS)
        self._producer = Producer({"bootstrap.servers": broker.bootstrap, "linger.ms": 20, "log_level": 0})
        self._left = events
        self.workload = Workload()

    def keep_ahead(self, stored: int) -> None:
        """Send the next wave when less than one is left to be stored.

        :raises RuntimeError: the broker did not take it.
        """
        if not self._left or self.workload.number - stored > WAVE:
            return
        for moved in self.workload.take(min(WAVE, self._left)):
            partition = hash(moved.stock) % consumer.PARTITIONS
            self._producer.produce(consumer.TOPIC, self.workload.message(moved), partition=partition)
            self._left -= 1
        if self._producer.flush(60):
            raise RuntimeError("the broker did not take the messages")


class Process:
    """A consumer that can be killed and started again."""

    def __init__(self, url: str, bootstrap: str) -> None:
        self._told = {"url": url, "bootstrap": bootstrap, "topic": consumer.TOPIC, "events": ENDLESS}
        self._stack = ExitStack()
        self.kills = 0
        self.pid = self._start()

    def kill(self) -> None:
        """End it by SIGKILL and start another."""
        self._stack.close()
        self.kills += 1
        self.pid = self._start()

    def close(self) -> None:
        """End it."""
        self._stack.close()

    def _start(self) -> int:
        return self._stack.enter_context(running(consumer.OURS, **self._told)).pid


def run(servers: Servers, events: int, kill_after: float | None = None) -> Figures:
    """Consume so many events and check what came of them.

    :param kill_after: seconds of work after which the process is killed each time; None for never.
    :raises AssertionError: rows or stocks differ from the oracle, nothing was stored for minutes, or there was no
        time to kill.
    """
    with servers.database() as url, MockBroker() as broker:
        stream = Stream(broker, events)
        stream.keep_ahead(0)
        began = time.perf_counter()
        sizes: list[tuple[int, float]] = []
        with _process(url, broker.bootstrap) as process:
            works_since = None
            for stored, moved in _progress(url, events):
                stream.keep_ahead(stored)
                sizes.append((stored, rss_of(process.pid)))
                works_since = (works_since or time.perf_counter()) if moved else works_since
                if kill_after and works_since and time.perf_counter() - works_since > kill_after:
                    process.kill()
                    works_since = None
        seconds = time.perf_counter() - began
        asyncio.run(consumer.check(url, consumer.OURS, consumer.Load([], stream.workload.quantities, events)))
    if kill_after:
        assert process.kills, "all was stored before the first kill"
        return Figures(events / seconds, process.kills, None, None, None)
    early = [size for stored, size in sizes if events * 0.1 <= stored <= events * 0.3]
    nearest = min(sizes, key=lambda each: abs(each[0] - events * 0.2))[1]
    first = statistics.median(early or [nearest])
    last = statistics.median(size for stored, size in sizes if stored >= events * 0.9)
    return Figures(events / seconds, 0, first, last, last / first - 1)


def rss_of(pid: int) -> float:
    """Megabytes that a process holds in memory, code that it shares with others included."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) * 1024 / 1e6


@contextmanager
def _process(url: str, bootstrap: str) -> Iterator[Process]:
    process = Process(url, bootstrap)
    try:
        yield process
    finally:
        process.close()


def _progress(url: str, events: int) -> Iterator[tuple[int, bool]]:
    """How many events are stored, and whether that is more than a moment ago, until all are."""
    stored, since = 0, time.perf_counter()
    while stored < events:
        time.sleep(LOOK_SECONDS)
        before, stored = stored, asyncio.run(_stored(url))
        if stored > before:
            since = time.perf_counter()
        assert time.perf_counter() - since < SILENCE, f"{stored} events are stored, and no more came"
        yield stored, stored > before


async def _stored(url: str) -> int:
    async with connected(url) as connection:
        return int(await connection.fetchval("SELECT count(*) FROM inventory.event"))
