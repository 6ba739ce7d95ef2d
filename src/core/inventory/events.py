"""Facts that inventory publishes."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from core.kernel.facts import Fact


class MovementApplied(Fact, frozen=True, kw_only=True):
    """One half of a movement changed the stock of its warehouse by ``quantity`` pieces."""

    name: ClassVar[str] = "inventory.movement_applied"
    version: ClassVar[int] = 1

    movement_id: UUID
    event: str
    warehouse_id: UUID
    product_id: UUID
    quantity: int
    occurred_at: datetime

    def key(self) -> str:
        """Facts about one product in one warehouse keep their order."""
        return f"{self.warehouse_id}:{self.product_id}"


class DepartureParked(Fact, frozen=True, kw_only=True):
    """A departure of ``quantity`` pieces waits until its warehouse has them."""

    name: ClassVar[str] = "inventory.departure_parked"
    version: ClassVar[int] = 1

    movement_id: UUID
    warehouse_id: UUID
    product_id: UUID
    quantity: int

    def key(self) -> str:
        """Facts about one product in one warehouse keep their order."""
        return f"{self.warehouse_id}:{self.product_id}"


class StockAdjusted(Fact, frozen=True, kw_only=True):
    """Somebody changed a stock by hand by ``delta`` pieces; ``balance_after`` is what lies there now."""

    name: ClassVar[str] = "inventory.stock_adjusted"
    version: ClassVar[int] = 1

    adjustment_id: UUID
    warehouse_id: UUID
    product_id: UUID
    delta: int
    balance_after: int
    reason: str

    def key(self) -> str:
        """Facts about one product in one warehouse keep their order."""
        return f"{self.warehouse_id}:{self.product_id}"


class StockFellLow(Fact, frozen=True, kw_only=True):
    """A stock came down to its threshold; told once until it has recovered."""

    name: ClassVar[str] = "inventory.stock_fell_low"
    version: ClassVar[int] = 1

    warehouse_id: UUID
    product_id: UUID
    quantity: int
    threshold: int

    def key(self) -> str:
        """Facts about one product in one warehouse keep their order."""
        return f"{self.warehouse_id}:{self.product_id}"


class StockRecovered(Fact, frozen=True, kw_only=True):
    """A low stock rose well above its threshold, or is watched no more: then ``threshold`` is null."""

    name: ClassVar[str] = "inventory.stock_recovered"
    version: ClassVar[int] = 1

    warehouse_id: UUID
    product_id: UUID
    quantity: int
    threshold: int | None

    def key(self) -> str:
        """Facts about one product in one warehouse keep their order."""
        return f"{self.warehouse_id}:{self.product_id}"


class MessageQuarantined(Fact, frozen=True, kw_only=True):
    """A message was put into quarantine for a reason; operators should look."""

    name: ClassVar[str] = "inventory.message_quarantined"
    version: ClassVar[int] = 1

    reason: str
    door: str
    movement_id: UUID | None


class TransitOverdue(Fact, frozen=True, kw_only=True):
    """Goods that left have been under way for longer than the limit of their warehouse, ``limit_hours``."""

    name: ClassVar[str] = "inventory.transit_overdue"
    version: ClassVar[int] = 1

    movement_id: UUID
    warehouse_id: UUID
    product_id: UUID
    quantity: int
    departed_at: datetime
    limit_hours: int

    def key(self) -> str:
        """Facts about one movement keep their order; the stock that it left is not held when they are made."""
        return str(self.movement_id)


class TransitOverdueCleared(Fact, frozen=True, kw_only=True):
    """Goods that were overdue are so no longer; ``cause`` is ``arrived`` or ``cancelled``.

    The warehouse is the one that they left, as in :class:`TransitOverdue`.
    """

    name: ClassVar[str] = "inventory.transit_overdue_cleared"
    version: ClassVar[int] = 1

    movement_id: UUID
    warehouse_id: UUID
    product_id: UUID
    cause: str

    def key(self) -> str:
        """Facts about one movement keep their order; the stock that it left is not held when they are made."""
        return str(self.movement_id)


class MovementCancelled(Fact, frozen=True, kw_only=True):
    """A departure of ``quantity`` pieces was taken back; ``returned`` of them lie in its warehouse again.

    ``returned`` is 0 where the departure waited for goods and had taken nothing.
    """

    name: ClassVar[str] = "inventory.movement_cancelled"
    version: ClassVar[int] = 1

    movement_id: UUID
    warehouse_id: UUID
    product_id: UUID
    quantity: int
    returned: int

    def key(self) -> str:
        """Facts about one product in one warehouse keep their order."""
        return f"{self.warehouse_id}:{self.product_id}"


class VarianceResolved(Fact, frozen=True, kw_only=True):
    """Somebody decided what had become of ``quantity_diff`` pieces, departed minus arrived.

    ``outcome`` is ``lost``, ``damaged``, ``miscounted`` or ``found``.
    """

    name: ClassVar[str] = "inventory.variance_resolved"
    version: ClassVar[int] = 1

    movement_id: UUID
    product_id: UUID
    source_warehouse_id: UUID
    destination_warehouse_id: UUID
    quantity_diff: int
    outcome: str

    def key(self) -> str:
        """Facts about one movement keep their order; no stock is held when this one is made."""
        return str(self.movement_id)


class StocktakeClosed(Fact, frozen=True, kw_only=True):
    """A warehouse was counted: ``lines`` products, of which ``adjusted`` were adjusted, since they differed.

    ``surplus`` and ``shortage`` are in pieces. What became of each stock is told by :class:`StockAdjusted`.
    """

    name: ClassVar[str] = "inventory.stocktake_closed"
    version: ClassVar[int] = 1

    stocktake_id: UUID
    warehouse_id: UUID
    lines: int
    adjusted: int
    surplus: int
    shortage: int

    def key(self) -> str:
        """Facts about one warehouse keep their order."""
        return str(self.warehouse_id)


class EntriesStale(Fact, frozen=True, kw_only=True):
    """Entries of the cache are old and could not be forgotten."""

    name: ClassVar[str] = "inventory.entries_stale"
    version: ClassVar[int] = 1
    internal: ClassVar[bool] = True

    keys: list[str]
