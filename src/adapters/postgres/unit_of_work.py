"""Units of work: one transaction, and facts after it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from adapters.postgres.audit import PostgresAuditLog
from adapters.postgres.kept_events import Caution
from adapters.postgres.quarantine import PostgresQuarantine
from adapters.postgres.stock_book import PostgresStockBook
from adapters.postgres.stock_ids import StockIds
from adapters.postgres.stock_levels import PostgresStockLevels
from adapters.postgres.store import PostgresStore
from core.inventory.ports import InventoryWork
from core.kernel.facts import Fact
from core.kernel.outbox import Delivery
from core.kernel.requests import RequestKey
from core.kernel.work import FactListener, OpenWork


class PostgresInventoryWork(InventoryWork):
    """Repositories over one transaction."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        book: PostgresStockBook,
        levels: PostgresStockLevels,
        wanted: frozenset[type[Fact]],
    ) -> None:
        self.book = book
        self.levels = levels
        self.audit = PostgresAuditLog(connection)
        self.quarantine = PostgresQuarantine(connection)
        self.wanted = wanted
        self.facts: list[Fact] = []

    def publish(self, *facts: Fact) -> None:
        self.facts += [fact for fact in facts if type(fact) in self.wanted]

    async def answer(self, result: object) -> None:
        """Keep the answer of the request."""


class OpenInventoryWork(OpenWork[InventoryWork]):
    """Opens units of work over inventory; remembers what spares them look-ups."""

    def __init__(self, store: PostgresStore, listener: FactListener) -> None:
        self._store = store
        self._listener = listener
        self._ids = StockIds()
        self._caution = Caution()

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[InventoryWork]:
        async with self._store.transaction() as connection:
            book = PostgresStockBook(connection, self._ids, self._caution)
            work = PostgresInventoryWork(
                connection, book, PostgresStockLevels(connection, self._ids), self._listener.wanted
            )
            yield work
        if work.facts:
            self._listener.hear(work.facts)
