"""Units of work in memory: a draft that is kept on a clean exit and dropped on an error."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from adapters.memory import requests
from adapters.memory.alerts import MemoryAlerts
from adapters.memory.audit import MemoryAuditLog
from adapters.memory.decisions import MemoryDecisions
from adapters.memory.outbox import MemoryOutbox, finish_within
from adapters.memory.quarantine import MemoryQuarantine
from adapters.memory.stock_book import MemoryStockBook
from adapters.memory.stock_levels import MemoryStockLevels
from adapters.memory.stocktakes import MemoryStocktakes
from adapters.memory.store import MemoryStore, Tables
from adapters.memory.transit import MemoryTransitWatch
from core.inventory.alerts import Alerts
from core.inventory.decisions import Decisions
from core.inventory.ports import InventoryWork, Quarantine, StockBook, StockLevels
from core.inventory.stocktakes import Stocktakes
from core.inventory.transit import TransitWatch
from core.kernel.audit import AuditLog
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.outbox import Delivery, Subscriptions
from core.kernel.requests import RequestKey
from core.kernel.work import FactListener, OpenWork


@dataclass(slots=True)
class MemoryWork(InventoryWork):
    """Repositories over one draft, and the facts to tell once it is kept."""

    audit: AuditLog
    book: StockBook
    levels: StockLevels
    transit: TransitWatch
    alerts: Alerts
    decisions: Decisions
    stocktakes: Stocktakes
    quarantine: Quarantine
    wanted: frozenset[type[Fact]]
    tables: Tables
    request: RequestKey | None
    clock: Clock
    facts: list[Fact] = field(default_factory=list)

    def publish(self, *facts: Fact) -> None:
        """Keep the wanted facts for the commit and after it."""
        self.facts += [fact for fact in facts if type(fact) in self.wanted]

    async def answer(self, result: object) -> None:
        """Keep the answer of the request in the draft."""
        if self.request is not None:
            requests.keep(self.tables, self.request, result, self.clock)


@dataclass(frozen=True, slots=True)
class OpenMemoryWork(OpenWork[InventoryWork]):
    """Opens units of work one after another, so that their results are those of some order of them."""

    store: MemoryStore
    listener: FactListener
    subscriptions: Subscriptions
    clock: Clock
    ids: Ids

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[InventoryWork]:
        """Open a unit of work as soon as no other is open.

        :raises RuntimeError: this task has one open.
        """
        task = asyncio.current_task()
        if self.store.writer is not None and self.store.writer is task:
            raise RuntimeError("a unit of work is open already in this task")
        with requests.alone(self.store, request):
            async with self.store.writing:
                self.store.writer = task
                try:
                    draft = self.store.committed.draft()
                    work = self._begin(draft, delivery, request)
                    yield work
                    self._keep(draft, work.facts)
                finally:
                    self.store.writer = None

    def _begin(self, draft: Tables, delivery: Delivery | None, request: RequestKey | None) -> MemoryWork:
        if delivery is not None:
            finish_within(self.store, draft, delivery)
        if request is not None:
            requests.refuse_repeat(draft, request)
        return MemoryWork(
            MemoryAuditLog(draft),
            MemoryStockBook(draft, self.store.receipts),
            MemoryStockLevels(draft),
            MemoryTransitWatch(draft),
            MemoryAlerts(draft),
            MemoryDecisions(draft),
            MemoryStocktakes(draft),
            MemoryQuarantine(draft),
            self.listener.wanted | self.subscriptions.wanted,
            draft,
            request,
            self.clock,
        )

    def _keep(self, draft: Tables, facts: list[Fact]) -> None:
        MemoryOutbox(self.store, self.subscriptions, self.clock, self.ids).add(draft, facts)
        draft.commit()
        if facts:
            self.store.ring()
        if heard := [fact for fact in facts if type(fact) in self.listener.wanted]:
            self.listener.hear(heard)
