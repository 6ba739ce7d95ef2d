"""Small numbers for pairs of warehouse and product."""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

import asyncpg
from sqlalchemy import Uuid, select
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.statement import Statement, rows
from adapters.postgres.tables import stock


class Placed(Protocol):
    """Anything about one product in one warehouse."""

    @property
    def warehouse_id(self) -> UUID:
        """The warehouse."""

    @property
    def product_id(self) -> UUID:
        """The product."""


REMEMBERED = 200_000

_given = rows(warehouses=Uuid, products=Uuid)
_FIND = Statement(
    select(stock.c.id, stock.c.warehouse_id, stock.c.product_id).join_from(
        _given, stock, (stock.c.warehouse_id == _given.c.warehouses) & (stock.c.product_id == _given.c.products)
    )
)
_ADD = Statement(
    insert(stock)
    .from_select(
        ["warehouse_id", "product_id"],
        select(_given.c.warehouses, _given.c.products).order_by(_given.c.warehouses, _given.c.products),
    )
    .on_conflict_do_nothing()
)


class StockIds:
    """Numbers of stocks, remembered in the process; a committed number never changes."""

    def __init__(self) -> None:
        self._ids: dict[tuple[int, int], int] = {}

    async def of(self, connection: asyncpg.Connection, placed: Iterable[Placed]) -> list[int]:
        """The number of the stock of each, in order; unknown stocks are added with 0 pieces.

        Numbers that this transaction adds are not remembered, since it may yet be rolled back.
        """
        keys = [(each.warehouse_id.int, each.product_id.int) for each in placed]
        known = self._ids
        missing = set(keys).difference(known)
        if missing:
            if len(known) > REMEMBERED:
                known.clear()
                missing = set(keys)
            known.update(await _find(connection, missing))
            new = {key for key in missing if key not in known}
            if new:
                known = known | await _add(connection, new)
        return [known[key] for key in keys]

    def forget(self) -> None:
        """Drop what is remembered, as after a restore under a running process."""
        self._ids.clear()


async def _find(connection: asyncpg.Connection, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    found = await connection.fetch(_FIND.text, *_FIND.args(**_columns(keys)))
    return {(warehouse.int, product.int): number for number, warehouse, product in found}


async def _add(connection: asyncpg.Connection, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    await connection.execute(_ADD.text, *_ADD.args(**_columns(keys)))
    return await _find(connection, keys)


def _columns(keys: Iterable[tuple[int, int]]) -> dict[str, list[UUID]]:
    ordered = sorted(keys)
    return {"warehouses": [UUID(int=w) for w, _ in ordered], "products": [UUID(int=p) for _, p in ordered]}
