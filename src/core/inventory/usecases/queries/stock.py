"""Read stock and adjustments."""

from dataclasses import dataclass
from uuid import UUID

from core.inventory.api import AdjustmentView, StockView, WarehouseView
from core.inventory.permissions import READ
from core.inventory.ports import StockReader
from core.kernel.actor import Actor
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class GetStock:
    """How much of a product lies in a warehouse."""

    reader: StockReader

    async def __call__(self, actor: Actor, warehouse_id: UUID, product_id: UUID) -> StockView:
        """Read one stock; an unknown pair holds 0."""
        actor.require(READ)
        return await self.reader.stock(warehouse_id, product_id)


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
