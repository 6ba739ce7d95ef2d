"""Units of work: one transaction, the outbox inside it, and listeners after it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from adapters.postgres import requests
from adapters.postgres.alerts import PostgresAlerts
from adapters.postgres.audit import PostgresAuditLog
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.kept_events import Caution
from adapters.postgres.lanes import finish_within
from adapters.postgres.outbox import PostgresOutbox
from adapters.postgres.quarantine import PostgresQuarantine
from adapters.postgres.stock_book import PostgresStockBook
from adapters.postgres.stock_ids import StockIds
from adapters.postgres.stock_levels import PostgresStockLevels
from adapters.postgres.stocktakes import PostgresStocktakes
from adapters.postgres.store import PostgresStore
from adapters.postgres.transit import PostgresTransitWatch
from core.inventory.ports import InventoryWork
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.outbox import Delivery, Subscriptions
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
        request: RequestKey | None,
        clock: Clock,
    ) -> None:
        self.book = book
        self.levels = levels
        self.alerts = PostgresAlerts(connection)
        self.audit = PostgresAuditLog(connection)
        self.decisions = PostgresDecisions(connection)
        self.stocktakes = PostgresStocktakes(connection)
        self.transit = PostgresTransitWatch(connection)
        self.quarantine = PostgresQuarantine(connection)
        self.wanted = wanted
        self.facts: list[Fact] = []
        self._connection = connection
        self._request = request
        self._clock = clock

    def publish(self, *facts: Fact) -> None:
        self.facts += [fact for fact in facts if type(fact) in self.wanted]

    async def answer(self, result: object) -> None:
        if self._request is not None:
            await requests.keep(self._connection, self._request, result, self._clock)


class OpenInventoryWork(OpenWork[InventoryWork]):
    """Opens units of work over inventory; remembers what spares them look-ups."""

    def __init__(
        self, store: PostgresStore, listener: FactListener, subscriptions: Subscriptions, clock: Clock, ids: Ids
    ) -> None:
        self._store = store
        self._listener = listener
        self._wanted = listener.wanted | subscriptions.wanted
        self._outbox = PostgresOutbox(subscriptions, clock, ids)
        self._clock = clock
        self._ids = StockIds()
        self._caution = Caution()

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[InventoryWork]:
        async with self._store.transaction() as connection:
            if delivery is not None:
                await finish_within(connection, delivery)
            if request is not None:
                await requests.begin(connection, request)
            book = PostgresStockBook(connection, self._ids, self._caution)
            levels = PostgresStockLevels(connection, self._ids)
            work = PostgresInventoryWork(connection, book, levels, self._wanted, request, self._clock)
            yield work
            if work.facts:
                await self._outbox.add(connection, work.facts)
        if heard := [fact for fact in work.facts if type(fact) in self._listener.wanted]:
            self._listener.hear(heard)
