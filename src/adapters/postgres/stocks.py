"""Reading stocks and adjustments."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, Uuid, bindparam, func, literal_column, null, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.statement import Statement
from adapters.postgres.store import PostgresStore
from adapters.postgres.tables import adjustment, stock
from core.inventory.api import AdjustmentReason, AdjustmentView, StockView, WarehouseView
from core.inventory.ports import StockReader
from core.inventory.positions import ByAdjustment, ByProduct, ByStock, ByWarehouse
from core.kernel.paging import Page, decode_cursor, encode_cursor

HIGHEST = UUID(int=2**128 - 1)
FIRST = ByStock(UUID(int=0), UUID(int=0))
_most = bindparam("most", type_=Integer)
_place: Any = bindparam("warehouse_id", type_=Uuid)
_product: Any = bindparam("product_id", type_=Uuid)


def _after(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Behind the cursor; without one the list begins at its lowest id, which counts."""
    given: Any = bindparam("after", type_=Uuid)
    return or_(given.is_(null()), column > given)


_STOCK = Statement(select(stock.c.quantity).where(stock.c.warehouse_id == _place, stock.c.product_id == _product))
_THRESHOLD = Statement(select(stock.c.threshold).where(stock.c.warehouse_id == _place, stock.c.product_id == _product))
_PRODUCTS = Statement(
    select(stock.c.warehouse_id, stock.c.product_id, stock.c.quantity)
    .where(stock.c.warehouse_id == _place, _after(stock.c.product_id))
    .order_by(stock.c.product_id)
    .limit(_most)
)
STOCKS = Statement(
    select(stock.c.warehouse_id, stock.c.product_id, stock.c.quantity)
    .where(tuple_(stock.c.warehouse_id, stock.c.product_id) >= tuple_(_place, _product))
    .order_by(stock.c.warehouse_id, stock.c.product_id)
    .limit(_most)
)
_WAREHOUSES = Statement(
    select(
        stock.c.warehouse_id,
        func.count().filter(stock.c.quantity > literal_column("0")),
        func.sum(stock.c.quantity).cast(BigInteger),
    )
    .where(_after(stock.c.warehouse_id))
    .group_by(stock.c.warehouse_id)
    .order_by(stock.c.warehouse_id)
    .limit(_most)
)
_ADJUSTMENTS = Statement(
    select(adjustment, stock.c.warehouse_id, stock.c.product_id)
    .join(stock, stock.c.id == adjustment.c.stock_id)
    .where(
        adjustment.c.id < bindparam("before", type_=Uuid),
        or_(_place.is_(null()), stock.c.warehouse_id == _place),
        or_(_product.is_(null()), stock.c.product_id == _product),
    )
    .order_by(adjustment.c.id.desc())
    .limit(_most)
)


class PostgresStockReader(StockReader):
    """Reads stocks by their keys."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def stock(self, warehouse_id: UUID, product_id: UUID) -> StockView:
        row = await self._store.row(_STOCK, warehouse_id=warehouse_id, product_id=product_id)
        return StockView(warehouse_id, product_id, 0 if row is None else row[0])

    async def threshold(self, warehouse_id: UUID, product_id: UUID) -> int | None:
        row = await self._store.row(_THRESHOLD, warehouse_id=warehouse_id, product_id=product_id)
        return None if row is None else row[0]

    async def products(self, warehouse_id: UUID, limit: int, cursor: str | None) -> Page[StockView]:
        after = None if cursor is None else decode_cursor(cursor, ByProduct).product_id
        found = await self._store.rows(_PRODUCTS, warehouse_id=warehouse_id, after=after, most=limit + 1)
        items = [StockView(*row) for row in found[:limit]]
        return Page(items, encode_cursor(ByProduct(items[-1].product_id)) if len(found) > limit else None)

    async def stocks(self, limit: int, cursor: str | None) -> Page[StockView]:
        start = FIRST if cursor is None else decode_cursor(cursor, ByStock)
        found = await self._store.rows(
            STOCKS, warehouse_id=start.warehouse_id, product_id=start.product_id, most=limit + 1
        )
        items = [StockView(*row) for row in found]
        following = None if len(items) <= limit else ByStock(items[limit].warehouse_id, items[limit].product_id)
        return Page(items[:limit], None if following is None else encode_cursor(following))

    async def warehouses(self, limit: int, cursor: str | None) -> Page[WarehouseView]:
        after = None if cursor is None else decode_cursor(cursor, ByWarehouse).warehouse_id
        found = await self._store.rows(_WAREHOUSES, after=after, most=limit + 1)
        items = [WarehouseView(*row) for row in found[:limit]]
        return Page(items, encode_cursor(ByWarehouse(items[-1].warehouse_id)) if len(found) > limit else None)

    async def adjustments(
        self, warehouse_id: UUID | None, product_id: UUID | None, limit: int, cursor: str | None
    ) -> Page[AdjustmentView]:
        before = HIGHEST if cursor is None else decode_cursor(cursor, ByAdjustment).id
        found = await self._store.rows(
            _ADJUSTMENTS, before=before, warehouse_id=warehouse_id, product_id=product_id, most=limit + 1
        )
        items = [
            AdjustmentView(
                id=row["id"],
                warehouse_id=row["warehouse_id"],
                product_id=row["product_id"],
                delta=row["delta"],
                balance_after=row["balance"],
                reason=AdjustmentReason(row["reason"]),
                note=row["note"],
                actor=row["actor"],
                created_at=row["created_at"],
            )
            for row in found[:limit]
        ]
        return Page(items, encode_cursor(ByAdjustment(items[-1].id)) if len(found) > limit else None)
