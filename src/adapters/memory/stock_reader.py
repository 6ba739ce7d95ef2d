"""Reading stock in memory."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from adapters.memory.pages import after, page
from adapters.memory.store import MemoryStore, Stock
from core.inventory.api import AdjustmentView, StockView, WarehouseView
from core.inventory.ports import StockReader
from core.inventory.positions import ByAdjustment, ByProduct, ByStock, ByWarehouse
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class MemoryStockReader(StockReader):
    """Reads what is committed; lists look at every stock."""

    store: MemoryStore

    async def stock(self, warehouse_id: UUID, product_id: UUID) -> StockView:
        """The stock of a product in a warehouse; 0 for an unknown pair."""
        stock = self.store.committed.stocks.get((warehouse_id, product_id)) or Stock()
        return StockView(warehouse_id, product_id, stock.quantity)

    async def threshold(self, warehouse_id: UUID, product_id: UUID) -> int | None:
        """The threshold of a stock; None for an unknown pair."""
        return (self.store.committed.stocks.get((warehouse_id, product_id)) or Stock()).threshold

    async def products(self, warehouse_id: UUID, limit: int, cursor: str | None) -> Page[StockView]:
        """All stocks of a warehouse by product id.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByProduct)
        rows = [
            (ByProduct(product), StockView(warehouse, product, stock.quantity))
            for (warehouse, product), stock in sorted(self.store.committed.stocks.items())
            if warehouse == warehouse_id and (start is None or product > start.product_id)
        ]
        return page(rows, limit)

    async def stocks(self, limit: int, cursor: str | None) -> Page[StockView]:
        """All stocks by warehouse id and product id.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByStock)
        rows = [
            (ByStock(*pair), StockView(*pair, stock.quantity))
            for pair, stock in sorted(self.store.committed.stocks.items())
            if start is None or ByStock(*pair) > start
        ]
        return page(rows, limit)

    async def warehouses(self, limit: int, cursor: str | None) -> Page[WarehouseView]:
        """All warehouses by id.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByWarehouse)
        held: dict[UUID, list[int]] = defaultdict(list)
        for (warehouse, _), stock in self.store.committed.stocks.items():
            held[warehouse].append(stock.quantity)
        rows = [
            (ByWarehouse(warehouse), WarehouseView(warehouse, sum(map(bool, quantities)), sum(quantities)))
            for warehouse, quantities in sorted(held.items())
            if start is None or warehouse > start.warehouse_id
        ]
        return page(rows, limit)

    async def adjustments(
        self, warehouse_id: UUID | None, product_id: UUID | None, limit: int, cursor: str | None
    ) -> Page[AdjustmentView]:
        """Adjustments, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByAdjustment)
        rows = [
            (ByAdjustment(each.id), each)
            for each in sorted(self.store.committed.adjustments.values(), key=lambda each: each.id, reverse=True)
            if warehouse_id in {None, each.warehouse_id}
            and product_id in {None, each.product_id}
            and (start is None or each.id < start.id)
        ]
        return page(rows, limit)
