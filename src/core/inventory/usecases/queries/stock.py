"""Read stock, what changed it, and adjustments."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from core.inventory.api import AdjustmentView, Basis, LedgerEntry, StockFlag, StockView, ThresholdView, WarehouseView
from core.inventory.cache_keys import stock_key
from core.inventory.ledger import LedgerReader
from core.inventory.permissions import READ
from core.inventory.ports import StockReader
from core.inventory.usecases.watch_stock import view_of
from core.kernel.actor import Actor
from core.kernel.cache import Cache
from core.kernel.paging import Page

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class GetStock:
    """How much of a product lies in a warehouse, or lay there."""

    reader: StockReader
    ledger: LedgerReader
    cache: Cache

    async def __call__(
        self,
        actor: Actor,
        warehouse_id: UUID,
        product_id: UUID,
        *,
        as_of: datetime | None = None,
        by: Basis = Basis.EVENT,
    ) -> StockView:
        """Read one stock; an unknown pair holds 0.

        :param as_of: a moment of the past; None reads the stock as it is now.
        :param by: by event time late messages change what past moments show, by recorded time nothing does.
        """
        actor.require(READ)
        if as_of is None:
            return msgspec.json.decode(await self.encoded(actor, warehouse_id, product_id), type=StockView)
        quantity = await self.ledger.quantity(warehouse_id, product_id, _within(as_of), by)
        flags = [StockFlag.BACKDATED_NEGATIVE] if quantity < 0 else []
        return StockView(warehouse_id, product_id, quantity, as_of, by, flags)

    async def encoded(self, actor: Actor, warehouse_id: UUID, product_id: UUID) -> msgspec.Raw:
        """The present stock as JSON, for edges that send it as it is."""
        actor.require(READ)
        key = stock_key(warehouse_id, product_id)
        return msgspec.Raw(await self.cache.get(key, lambda: self._load(warehouse_id, product_id)))

    async def _load(self, warehouse_id: UUID, product_id: UUID) -> bytes:
        return _ENCODER.encode(await self.reader.stock(warehouse_id, product_id))


@dataclass(frozen=True, slots=True)
class ListLedger:
    """What changed a stock."""

    ledger: LedgerReader

    async def __call__(
        self, actor: Actor, warehouse_id: UUID, product_id: UUID, *, limit: int = 50, cursor: str | None = None
    ) -> Page[LedgerEntry]:
        """One page of changes, the newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        return await self.ledger.entries(warehouse_id, product_id, limit, cursor)


@dataclass(frozen=True, slots=True)
class GetThreshold:
    """From how many pieces down a stock counts as low."""

    reader: StockReader

    async def __call__(self, actor: Actor, warehouse_id: UUID, product_id: UUID) -> ThresholdView:
        """Read the threshold of one stock; an unknown pair has none."""
        actor.require(READ)
        return view_of(warehouse_id, product_id, await self.reader.threshold(warehouse_id, product_id))


@dataclass(frozen=True, slots=True)
class ListProducts:
    """What lies in a warehouse."""

    reader: StockReader

    async def __call__(
        self, actor: Actor, warehouse_id: UUID, *, limit: int = 50, cursor: str | None = None
    ) -> Page[StockView]:
        """One page of stocks by product id.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        return await self.reader.products(warehouse_id, limit, cursor)


@dataclass(frozen=True, slots=True)
class ListStocks:
    """What lies where."""

    reader: StockReader

    async def __call__(
        self, actor: Actor, *, warehouse_id: UUID | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[StockView]:
        """One page of all stocks, or of those of one warehouse, by warehouse id and product id.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        if warehouse_id is not None:
            return await self.reader.products(warehouse_id, limit, cursor)
        return await self.reader.stocks(limit, cursor)


@dataclass(frozen=True, slots=True)
class ListWarehouses:
    """Warehouses that messages named."""

    reader: StockReader

    async def __call__(self, actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[WarehouseView]:
        """One page of warehouses by id.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        return await self.reader.warehouses(limit, cursor)


@dataclass(frozen=True, slots=True)
class ListAdjustments:
    """Changes that were made by hand."""

    reader: StockReader

    async def __call__(
        self,
        actor: Actor,
        *,
        warehouse_id: UUID | None = None,
        product_id: UUID | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[AdjustmentView]:
        """One page of adjustments, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        return await self.reader.adjustments(warehouse_id, product_id, limit, cursor)


def _within(moment: datetime) -> datetime:
    """The moment, or one that lies as surely before or behind all events and that every store can hold."""
    if moment.year < EARLIEST.year:
        return EARLIEST
    return moment if moment.year < LATEST.year else LATEST
