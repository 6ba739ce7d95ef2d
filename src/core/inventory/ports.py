"""What inventory needs from outside."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from core.inventory.alerts import Alerts
from core.inventory.api import (
    AdjustmentReason,
    AdjustmentView,
    InTransitTotal,
    InTransitView,
    MovementStatus,
    MovementView,
    Origin,
    QuarantineState,
    QuarantineView,
    StockView,
    Variance,
    WarehouseView,
)
from core.inventory.decisions import Decisions
from core.inventory.domain.movement import MovementEvent, Reason, Verdict
from core.inventory.domain.stock import Shortage
from core.inventory.stocktakes import Stocktakes
from core.inventory.transit import TransitWatch
from core.kernel.audit import AuditLog
from core.kernel.facts import Fact
from core.kernel.paging import Page
from core.kernel.work import Work


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """A change of one stock by hand; ``delta`` in pieces, not 0."""

    id: UUID
    warehouse_id: UUID
    product_id: UUID
    delta: int
    reason: AdjustmentReason
    note: str
    actor: str
    at: datetime


class Turn(msgspec.Struct, frozen=True, gc=False):
    """A stock that has become low, or is so no longer; ``threshold`` None means that it is watched no more."""

    warehouse_id: UUID
    product_id: UUID
    quantity: int
    threshold: int | None
    low: bool


class Cleared(msgspec.Struct, frozen=True, gc=False):
    """Goods that were overdue and are no longer under way; the warehouse is the one that they left."""

    movement_id: UUID
    warehouse_id: UUID
    product_id: UUID


class Booked(msgspec.Struct, frozen=True):
    """What a batch did: one verdict per event in order, the parked departures that it let go, stocks that turned, and
    goods that were overdue until it brought their arrival.

    A stock is judged by what the batch left in it, not by what lay there on the way.
    """

    verdicts: list[Verdict]
    released: list[MovementEvent]
    turns: list[Turn] = []
    cleared: list[Cleared] = []


class Adjusted(msgspec.Struct, frozen=True):
    """What an adjustment did: the stock right after it, in pieces, the parked departures that it let go, and turns."""

    balance_after: int
    released: list[MovementEvent]
    turns: list[Turn] = []


class AllAdjusted(msgspec.Struct, frozen=True):
    """What adjustments did together: per adjustment the stock right after it, in pieces, the parked departures that
    they let go, and turns.
    """

    balances: list[int]
    released: list[MovementEvent]
    turns: list[Turn] = []


class Cancelled(msgspec.Struct, frozen=True):
    """What a cancellation did: the departure that it took back, the parked departures that this let go, and turns.

    ``returned`` counts the pieces that lie in their stock again, 0 where the departure waited; ``was_overdue`` says
    whether the goods were marked so.
    """

    departure: MovementEvent
    returned: int
    released: list[MovementEvent]
    turns: list[Turn]
    was_overdue: bool


class StockBook(Protocol):
    """The ledger of all that moved, and the stock that follows from it."""

    @abstractmethod
    async def apply(self, events: Sequence[MovementEvent], shortage: Shortage, at: datetime) -> Booked:
        """Judge and apply events, with the same result as one after another in the given order.

        An event is new by (movement, half) and by (source, envelope id), for ever; what is kept already makes it a
        duplicate or a conflict. A second half must fit the first. A departure that the stock does not cover waits
        (``PARK``) or leaves no trace (``REFUSE``); every credit first serves those that wait, by event time and
        movement id. Stock is never below zero.

        :param at: when they were received.
        :raises Contended: a concurrent writer won; the unit of work must be run again.
        """

    @abstractmethod
    async def adjust(self, adjustment: Adjustment) -> Adjusted:
        """Change one stock by hand and keep why; a credit serves those that wait.

        :raises InsufficientStock: it would fall below zero.
        """

    @abstractmethod
    async def adjust_all(self, adjustments: Sequence[Adjustment]) -> AllAdjusted:
        """Change stocks by hand, all of them or none; credits serve those that wait.

        :param adjustments: of different stocks.
        :raises NotCovered: some would fall below zero; the unit of work must not go on.
        """

    @abstractmethod
    async def cancel(self, movement_id: UUID, at: datetime) -> Cancelled:
        """Take a departure without arrival back: what it took lies in its stock again, and one that waits does so no
        more. From then on an arrival of the movement is rejected.

        :raises MovementNotFound: no half of it has come.
        :raises NotUnderWay: it was cancelled before, or its arrival has come.
        :raises Contended: a concurrent writer won; the unit of work must be run again.
        """


class StockLevels(Protocol):
    """From how many pieces down a stock counts as low."""

    @abstractmethod
    async def threshold(self, warehouse_id: UUID, product_id: UUID) -> int | None:
        """The threshold of a stock, which is held against others until the unit of work ends; None without one."""

    @abstractmethod
    async def set_threshold(self, warehouse_id: UUID, product_id: UUID, threshold: int | None) -> list[Turn]:
        """Watch a stock from now on, or None to watch it no more; what lies there is judged at once.

        :returns: the turn of the stock, nothing when it stays what it was.
        """


class QuarantinedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message on its way into quarantine. ``identity`` makes it one item however often it comes."""

    id: UUID
    identity: str
    reason: Reason
    origin: Origin
    raw: bytes | None
    movement_id: UUID | None
    details: dict[str, Any]
    at: datetime


class Quarantine(Protocol):
    """Messages that were not applied, kept with their bytes until somebody decides."""

    @abstractmethod
    async def add(self, messages: Sequence[QuarantinedMessage]) -> None:
        """Keep messages; one whose identity is kept already counts as another time of it and changes nothing else."""

    @abstractmethod
    async def lock(self, item_id: UUID) -> tuple[QuarantineState, QuarantinedMessage] | None:
        """An item and its state, held against others until the unit of work ends; None when there is none."""

    @abstractmethod
    async def lock_open(self, reason: Reason, limit: int) -> list[QuarantinedMessage]:
        """The oldest open items of a reason, held until the unit of work ends; those that others hold are left out."""

    @abstractmethod
    async def close(
        self, item_ids: Sequence[UUID], state: QuarantineState, actor: str, note: str, at: datetime
    ) -> None:
        """Set the final state of open items."""

    @abstractmethod
    async def refuse_again(self, item_id: UUID, reason: Reason, details: dict[str, Any], at: datetime) -> None:
        """Note that a retry of an open item failed, and why this time."""

    @abstractmethod
    async def close_applied(self, movement_ids: Sequence[UUID], at: datetime) -> None:
        """Close as ``applied`` the open items that lacked stock.

        :param movement_ids: movements whose departure has been applied since.
        """


class InventoryWork(Work, Protocol):
    """A unit of work over inventory."""

    audit: AuditLog
    book: StockBook
    levels: StockLevels
    transit: TransitWatch
    alerts: Alerts
    decisions: Decisions
    stocktakes: Stocktakes
    quarantine: Quarantine
    wanted: frozenset[type[Fact]]


class MovementFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which movements a list shows; fields that are set must all hold, a warehouse at either end."""

    warehouse_id: UUID | None = None
    product_id: UUID | None = None
    status: MovementStatus | None = None
    variance: Variance | None = None

    def holds_for(self, view: MovementView) -> bool:
        """Whether a movement is in the wanted state; its warehouses and product are not looked at."""
        return self.status in {None, view.status} and self.variance in {None, view.variance}


class MovementReader(Protocol):
    """Reads movements."""

    @abstractmethod
    async def movement(self, movement_id: UUID) -> MovementView | None:
        """Both halves in one, or None when none has come; as fast among 10⁷ movements as among few."""

    @abstractmethod
    async def movements(self, wanted: MovementFilter, limit: int, cursor: str | None) -> Page[MovementView]:
        """Movements, newest first by receipt of their first matching half, each once.

        A page may hold fewer than ``limit`` although more follow, since a page examines a bounded number of events.

        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def in_transit(
        self, warehouse_id: UUID | None, product_id: UUID | None, limit: int, cursor: str | None
    ) -> Page[InTransitView]:
        """Departures that were applied and have no arrival, oldest departure first.

        :param warehouse_id: only those that left it.
        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def in_transit_totals(
        self, warehouse_id: UUID | None, product_id: UUID | None, limit: int, cursor: str | None
    ) -> Page[InTransitTotal]:
        """Goods in transit summed by source warehouse and product, in the order of these two.

        :raises InvalidCursor: not a cursor of this list.
        """


class StockReader(Protocol):
    """Reads stock."""

    @abstractmethod
    async def stock(self, warehouse_id: UUID, product_id: UUID) -> StockView:
        """The stock of a product in a warehouse; 0 for an unknown pair."""

    @abstractmethod
    async def products(self, warehouse_id: UUID, limit: int, cursor: str | None) -> Page[StockView]:
        """All stocks of a warehouse by product id.

        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def stocks(self, limit: int, cursor: str | None) -> Page[StockView]:
        """All stocks by warehouse id and product id.

        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def threshold(self, warehouse_id: UUID, product_id: UUID) -> int | None:
        """The threshold of a stock in pieces; None without one."""

    @abstractmethod
    async def warehouses(self, limit: int, cursor: str | None) -> Page[WarehouseView]:
        """All warehouses by id.

        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def adjustments(
        self, warehouse_id: UUID | None, product_id: UUID | None, limit: int, cursor: str | None
    ) -> Page[AdjustmentView]:
        """Adjustments, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """


class QuarantineReader(Protocol):
    """Reads quarantine."""

    @abstractmethod
    async def item(self, item_id: UUID) -> QuarantineView | None:
        """One item with its bytes, or None."""

    @abstractmethod
    async def items(
        self, state: QuarantineState | None, reason: Reason | None, limit: int, cursor: str | None
    ) -> Page[QuarantineView]:
        """Items, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def gauges(self) -> tuple[int, datetime | None, int]:
        """Open items, when the oldest of them was first seen, and departures that are parked."""
