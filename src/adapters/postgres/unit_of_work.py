"""Units of work over inventory."""

import asyncpg

from adapters.postgres.alerts import PostgresAlerts
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.kept_events import Caution
from adapters.postgres.quarantine import PostgresQuarantine
from adapters.postgres.stock_book import PostgresStockBook
from adapters.postgres.stock_ids import StockIds
from adapters.postgres.stock_levels import PostgresStockLevels
from adapters.postgres.stocktakes import PostgresStocktakes
from adapters.postgres.store import PostgresStore
from adapters.postgres.transactions import OpenTransaction, Transaction
from adapters.postgres.transit import PostgresTransitWatch
from core.inventory.ports import InventoryWork
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.outbox import Subscriptions
from core.kernel.requests import RequestKey
from core.kernel.work import FactListener


class PostgresInventoryWork(Transaction, InventoryWork):
    """Repositories of inventory over one transaction."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        book: PostgresStockBook,
        levels: PostgresStockLevels,
        wanted: frozenset[type[Fact]],
        request: RequestKey | None,
        clock: Clock,
    ) -> None:
        super().__init__(connection, wanted, request, clock)
        self.book = book
        self.levels = levels
        self.alerts = PostgresAlerts(connection)
        self.decisions = PostgresDecisions(connection)
        self.stocktakes = PostgresStocktakes(connection)
        self.transit = PostgresTransitWatch(connection)
        self.quarantine = PostgresQuarantine(connection)


class OpenInventoryWork(OpenTransaction[PostgresInventoryWork]):
    """Opens units of work over inventory; remembers what spares them look-ups."""

    def __init__(
        self, store: PostgresStore, listener: FactListener, subscriptions: Subscriptions, clock: Clock, ids: Ids
    ) -> None:
        super().__init__(store, listener, subscriptions, clock, ids)
        self._ids = StockIds()
        self._caution = Caution()

    def _begin(self, connection: asyncpg.Connection, request: RequestKey | None) -> PostgresInventoryWork:
        book = PostgresStockBook(connection, self._store, self._ids, self._caution)
        levels = PostgresStockLevels(connection, self._ids)
        return PostgresInventoryWork(connection, book, levels, self._wanted, request, self._clock)
