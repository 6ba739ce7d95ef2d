"""What the suites of inventory's ports are run against."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest

from core.inventory.alerts import AlertReader
from core.inventory.api import Decided, Decision
from core.inventory.domain.movement import MovementEvent, Verdict
from core.inventory.domain.stock import Shortage
from core.inventory.ledger import LedgerReader
from core.inventory.ports import (
    Adjusted,
    Adjustment,
    AllAdjusted,
    Booked,
    Cancelled,
    InventoryWork,
    MovementReader,
    QuarantineReader,
    StockReader,
)
from core.inventory.stocktakes import StocktakeReader
from core.inventory.transit import TransitReader
from core.kernel.audit import AuditReader
from core.kernel.facts import Fact
from core.kernel.work import OpenWork, again_if_contended
from tests.support.events import T0


@dataclass
class Subject:
    """The storage ports of one adapter over one empty store, and the facts that its listener heard."""

    open_work: OpenWork[InventoryWork]
    movements: MovementReader
    stocks: StockReader
    quarantine: QuarantineReader
    audit: AuditReader
    heard: list[Fact]
    ledger: LedgerReader
    transit: TransitReader
    alerts: AlertReader | None = None
    stocktakes: StocktakeReader | None = None

    async def book(self, *events: MovementEvent, shortage: Shortage = Shortage.PARK, at: datetime = T0) -> Booked:
        """Apply events as one batch in a unit of work of their own."""

        async def attempt() -> Booked:
            async with self.open_work() as work:
                return await work.book.apply(events, shortage, at)

        return await again_if_contended(attempt)

    async def apply(self, *events: MovementEvent, shortage: Shortage = Shortage.PARK) -> list[Verdict]:
        """The verdicts on one batch."""
        return (await self.book(*events, shortage=shortage)).verdicts

    async def refuse(self, *events: MovementEvent) -> list[Verdict]:
        """The verdicts on one batch whose uncovered departures are refused."""
        return await self.apply(*events, shortage=Shortage.REFUSE)

    async def adjust(self, adjustment: Adjustment) -> Adjusted:
        """Adjust in a unit of work of its own."""

        async def attempt() -> Adjusted:
            async with self.open_work() as work:
                return await work.book.adjust(adjustment)

        return await again_if_contended(attempt)

    async def adjust_all(self, *adjustments: Adjustment) -> AllAdjusted:
        """Adjust all or none in a unit of work of its own."""

        async def attempt() -> AllAdjusted:
            async with self.open_work() as work:
                return await work.book.adjust_all(adjustments)

        return await again_if_contended(attempt)

    async def cancel(self, movement_id: UUID, at: datetime = T0) -> Cancelled:
        """Cancel a movement in a unit of work of its own."""

        async def attempt() -> Cancelled:
            async with self.open_work() as work:
                cancelled = await work.book.cancel(movement_id, at)
                assert await work.decisions.add(movement_id, Decision(Decided.CANCELLED, "", "keeper", at))
                return cancelled

        return await again_if_contended(attempt)

    async def quantity(self, warehouse_id: UUID, product_id: UUID) -> int:
        """The stock of a pair."""
        return (await self.stocks.stock(warehouse_id, product_id)).quantity


class InventorySuite:
    """Base of the suites: a subclass per adapter says what ``subject`` is."""

    @pytest.fixture
    def subject(self) -> Subject:
        """The adapter under test, over an empty store."""
        raise NotImplementedError
