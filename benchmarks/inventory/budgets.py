"""What does not depend on the machine: statements of a read and of a batch."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec

from adapters.postgres.movements import PostgresMovementReader
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import PostgresStore, open_store
from adapters.postgres.unit_of_work import OpenInventoryWork
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from benchmarks.inventory.servers import Servers
from benchmarks.inventory.store import Nobody
from benchmarks.inventory.workload import Workload
from core.inventory.domain.stock import Shortage
from core.kernel.outbox import Subscriptions
from core.kernel.secret import Secret

BATCH = 1000


class Budgets(msgspec.Struct, frozen=True):
    """Round trips to the database; each is one statement, ``begin`` and ``commit`` included."""

    read: int
    reads_together: int
    batch: int


class Counted:
    """A connection that counts what goes over it."""

    def __init__(self, connection: asyncpg.Connection, sent: list[str]) -> None:
        self._connection = connection
        self._sent = sent

    def __getattr__(self, name: str) -> Any:
        if name in {"fetch", "fetchrow", "fetchval", "execute", "executemany", "copy_records_to_table"}:
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


def count(servers: Servers) -> Budgets:
    """Count the statements of one read, of 50 reads at once, and of a batch of 1000 events on stocks known before."""
    with servers.database() as url:
        return asyncio.run(_count(url))


async def _count(url: str) -> Budgets:
    workload = Workload(warehouses=5, products=5)
    async with open_store(PostgresSettings(url=Secret(url))) as opened:
        store = CountingStore(opened._pool)  # noqa: SLF001 - a view of the same pool
        store.sent = []
        opens = OpenInventoryWork(store, Nobody(), Subscriptions({}), SystemClock(), Uuid7Ids())
        reader = PostgresMovementReader(store)
        last = []
        for _ in range(5):
            store.sent.clear()
            last = workload.take(BATCH)
            async with opens() as work:
                await work.book.apply([workload.event(each) for each in last], Shortage.PARK, datetime.now(UTC))
        batch = len(store.sent)
        store.sent.clear()
        assert await reader.movement(last[0].movement_id) is not None
        read = len(store.sent)
        store.sent.clear()
        await asyncio.gather(*(reader.movement(each.movement_id) for each in last[:50]))
        return Budgets(read, len(store.sent), batch)
