"""What does not depend on the machine: round trips, commands, cyclic garbage, compilations."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from adapters.postgres.movements import PostgresMovementReader
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import open_store
from adapters.postgres.unit_of_work import OpenInventoryWork
from adapters.redis.cache import RedisCache
from adapters.redis.link import open_link
from adapters.redis.settings import RedisSettings
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from benchmarks.counting import CountingLink, CountingStore, compilations, garbage_of
from benchmarks.inventory.store import Nobody
from benchmarks.inventory.workload import Workload
from benchmarks.servers import Servers
from core.inventory.domain.stock import Shortage
from core.kernel.outbox import Subscriptions
from core.kernel.secret import Secret

BATCH = 1000
TOGETHER = 50


class Budgets(msgspec.Struct, frozen=True):
    """Round trips to the database, each one statement, ``begin`` and ``commit`` included; commands of Redis; objects
    that only the collector of cycles frees; statements that SQLAlchemy compiled after the first of each kind.
    """

    read: int
    reads_together: int
    batch: int
    commands: int
    commands_together: int
    garbage_read: float
    garbage_cached: float
    garbage_event: float
    compiled: int


def count(servers: Servers) -> Budgets:
    """Count what reads, cached reads and batches of 1000 events on stocks known before cost, each after a warm-up."""
    with servers.database() as url:
        return asyncio.run(_count(url, servers.redis))


async def _count(url: str, redis: str) -> Budgets:
    workload = Workload(warehouses=5, products=5)
    async with (
        open_store(PostgresSettings(url=Secret(url))) as opened,
        open_link(RedisSettings(url=Secret(redis))) as link,
    ):
        store = CountingStore(opened._pool)  # noqa: SLF001 - a view of the same pool
        store.sent = []
        counting = CountingLink(link._redis, 1.0)  # noqa: SLF001 - a view of the same client
        cache = RedisCache(counting)
        opens = OpenInventoryWork(store, Nobody(), Subscriptions({}), SystemClock(), Uuid7Ids())
        reader = PostgresMovementReader(store)
        movement = workload.take(1)[0].movement_id

        async def apply() -> None:
            events = [workload.event(each) for each in workload.take(BATCH)]
            async with opens() as work:
                await work.book.apply(events, Shortage.PARK, datetime.now(UTC))

        async def load() -> bytes:
            return b"{}"

        async def hit() -> None:
            await cache.get("budget", load)

        async def read() -> None:
            await reader.movement(movement)

        def together(one: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[Any]]:
            return lambda: asyncio.gather(*(one() for _ in range(TOGETHER)))

        for each in (apply, apply, apply, read, hit, hit):
            await each()
        with compilations() as compiled:
            batch = await _delta(lambda: len(store.sent), apply)
            one = await _delta(lambda: len(store.sent), read)
            many = await _delta(lambda: len(store.sent), together(read))
            command = await _delta(lambda: counting.sent, hit)
            commands = await _delta(lambda: counting.sent, together(hit))
            garbage = [await garbage_of(each) for each in (together(read), together(hit), apply)]
        await cache.close()
        return Budgets(
            one,
            many,
            batch,
            command,
            commands,
            garbage[0] / TOGETHER,
            garbage[1] / TOGETHER,
            garbage[2] / BATCH,
            len(compiled),
        )


async def _delta(figure: Callable[[], int], run: Callable[[], Awaitable[Any]]) -> int:
    before = figure()
    await run()
    return figure() - before
