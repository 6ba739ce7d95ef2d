"""Units of work over inventory in memory."""

from adapters.memory.alerts import MemoryAlerts
from adapters.memory.decisions import MemoryDecisions
from adapters.memory.drafts import Draft, OpenDraft
from adapters.memory.quarantine import MemoryQuarantine
from adapters.memory.stock_book import MemoryStockBook
from adapters.memory.stock_levels import MemoryStockLevels
from adapters.memory.stocktakes import MemoryStocktakes
from adapters.memory.store import MemoryStore, Tables
from adapters.memory.transit import MemoryTransitWatch
from core.inventory.ports import InventoryWork
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.requests import RequestKey


class MemoryWork(Draft, InventoryWork):
    """Repositories of inventory over one draft."""

    def __init__(
        self,
        store: MemoryStore,
        tables: Tables,
        wanted: frozenset[type[Fact]],
        request: RequestKey | None,
        clock: Clock,
    ) -> None:
        super().__init__(tables, wanted, request, clock)
        self.book = MemoryStockBook(tables, store.receipts)
        self.levels = MemoryStockLevels(tables)
        self.transit = MemoryTransitWatch(tables)
        self.alerts = MemoryAlerts(tables)
        self.decisions = MemoryDecisions(tables)
        self.stocktakes = MemoryStocktakes(tables)
        self.quarantine = MemoryQuarantine(tables)


class OpenMemoryWork(OpenDraft[MemoryWork]):
    """Opens units of work over inventory."""

    def _begin(self, tables: Tables, wanted: frozenset[type[Fact]], request: RequestKey | None) -> MemoryWork:
        return MemoryWork(self.store, tables, wanted, request, self.clock)
