"""What does not depend on the machine: round trips, commands, cyclic garbage, compilations."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
from sqlalchemy.sql.compiler import SQLCompiler

from adapters.postgres.movements import PostgresMovementReader
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import PostgresStore, open_store
from adapters.postgres.unit_of_work import OpenInventoryWork
from adapters.redis.cache import RedisCache
from adapters.redis.link import Link, open_link
from adapters.redis.settings import RedisSettings
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from benchmarks.inventory.servers import Servers
from benchmarks.inventory.store import Nobody
from benchmarks.inventory.workload import Workload
from core.inventory.domain.stock import Shortage
from core.kernel.outbox import Subscriptions
from core.kernel.secret import Secret

BATCH = 1000
TOGETHER = 50
SENDING = {"fetch", "fetchrow", "fetchval", "execute", "executemany", "copy_records_to_table", "copy_to_table"}


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


class Counted:
    """A connection that counts what goes over it."""

    def __init__(self, connection: asyncpg.Connection, sent: list[str]) -> None:
        self._connection = connection
        self._sent = sent

    def __getattr__(self, name: str) -> Any:
        if name in SENDING:
            self._sent.append(name)
        elif name == "transaction":
            self._sent += ["begin", "commit"]
        return getattr(self._connection, name)


class CountingStore(PostgresStore):
    """A store whose connections are counted."""

    sent: list[str]

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A connection that counts."""
        async with super().connection() as connection:
            yield Counted(connection, self.sent)


class CountingLink(Link):
    """A link that counts its calls."""

    sent = 0

    async def call(self, *words: Any) -> Any:
        """Count, and call."""
        self.sent += 1
        return await super().call(*words)


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


async def garbage_of(run: Callable[[], Awaitable[Any]]) -> int:
    """Objects that are left in cycles by a run."""
    gc.collect()
    gc.disable()
    try:
        await run()
        return gc.collect()
    finally:
        gc.enable()


@contextmanager
def compilations() -> Iterator[list[object]]:
    """Statements that SQLAlchemy compiles meanwhile."""
    compiled: list[object] = []
    original = SQLCompiler.__init__

    def noting(self: SQLCompiler, dialect: Any, statement: Any, *more: Any, **named: Any) -> None:
        compiled.append(statement)
        original(self, dialect, statement, *more, **named)

    SQLCompiler.__init__ = noting  # type: ignore[method-assign]
    try:
        yield compiled
    finally:
        SQLCompiler.__init__ = original  # type: ignore[method-assign]
