"""Thresholds of stocks, and stocks that turned."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, Integer, bindparam, select, update

from adapters.postgres.statement import Statement
from adapters.postgres.stock_book_sql import TURNED, low_after, turns_to
from adapters.postgres.stock_ids import StockIds
from adapters.postgres.tables import stock
from core.inventory.ports import StockLevels, Turn
from core.kernel.errors import Contended

_stock_id: Any = bindparam("stock_id", type_=Integer)
_threshold: Any = bindparam("threshold", type_=BigInteger)
_HOLD = Statement(select(stock.c.id, stock.c.threshold).where(stock.c.id == _stock_id).with_for_update())
_low = low_after(stock.c.quantity, _threshold)
_SET = Statement(
    update(stock)
    .where(stock.c.id == _stock_id)
    .values(threshold=_threshold, is_low=_low, turned=turns_to(_low))
    .returning(stock.c.turned)
)


class Place:
    """A pair to find the number of."""

    __slots__ = ("product_id", "warehouse_id")

    def __init__(self, warehouse_id: UUID, product_id: UUID) -> None:
        self.warehouse_id = warehouse_id
        self.product_id = product_id


class PostgresStockLevels(StockLevels):
    """Changes thresholds in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection, ids: StockIds) -> None:
        self._connection = connection
        self._ids = ids

    async def threshold(self, warehouse_id: UUID, product_id: UUID) -> int | None:
        stock_id = await self._id_of(warehouse_id, product_id)
        row = await self._connection.fetchrow(_HOLD.text, *_HOLD.args(stock_id=stock_id))
        if row is None:
            self._ids.forget()
            raise Contended(part="stock")
        return row["threshold"]  # type: ignore[no-any-return]

    async def set_threshold(self, warehouse_id: UUID, product_id: UUID, threshold: int | None) -> list[Turn]:
        stock_id = await self._id_of(warehouse_id, product_id)
        turned = await self._connection.fetchval(_SET.text, *_SET.args(stock_id=stock_id, threshold=threshold))
        return await turns_of(self._connection, [stock_id]) if turned else []

    async def _id_of(self, warehouse_id: UUID, product_id: UUID) -> int:
        (stock_id,) = await self._ids.of(self._connection, [Place(warehouse_id, product_id)])
        return stock_id


async def turns_of(connection: asyncpg.Connection, stock_ids: Iterable[int]) -> list[Turn]:
    """What became of stocks that turned, by warehouse and product.

    :param stock_ids: their numbers; while their locks are held.
    """
    return [Turn(*row) for row in await connection.fetch(TURNED.text, list(stock_ids))]
