"""Stocktakes, written and read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, DateTime, Integer, Text, Uuid, bindparam, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.statement import Statement, rows
from adapters.postgres.store import PostgresStore
from adapters.postgres.tables import stock, stocktake, stocktake_line
from core.inventory.api import StocktakeLine, StocktakeState, StocktakeView
from core.inventory.positions import ByLine, ByStocktake
from core.inventory.stocktakes import StocktakeReader, Stocktakes
from core.kernel.paging import Page, decode_cursor, encode_cursor

HIGHEST = UUID(int=2**128 - 1)
_given: Any = bindparam("stocktake_id", type_=Uuid)
_most = bindparam("most", type_=Integer)
_is_it = stocktake.c.id == _given
_of_it = stocktake_line.c.stocktake_id == _given
_moment: Any = bindparam("moment", type_=DateTime(timezone=True))
_actor: Any = bindparam("actor", type_=Text)

_ADD = Statement(
    insert(stocktake)
    .values(
        id=_given,
        warehouse_id=bindparam("place", type_=Uuid),
        note=bindparam("word", type_=Text),
        opened_at=_moment,
        opened_by=_actor,
    )
    .on_conflict_do_nothing()
    .returning(stocktake.c.id)
)
_ONE = Statement(select(stocktake).where(_is_it))
_LOCK = Statement(select(stocktake).where(_is_it).with_for_update())
_counted = rows(products=Uuid, counts=BigInteger)
_place = select(stocktake.c.warehouse_id).where(_is_it).scalar_subquery()
_on_hand = (
    select(stock.c.quantity)
    .where(stock.c.warehouse_id == _place, stock.c.product_id == _counted.c.products)
    .correlate(_counted)
    .scalar_subquery()
)
_new = insert(stocktake_line).from_select(
    ["stocktake_id", "product_id", "counted", "on_hand", "counted_at", "counted_by"],
    select(
        _given,
        _counted.c.products,
        _counted.c.counts,
        func.coalesce(_on_hand, bindparam("nothing", 0, BigInteger)),
        _moment,
        _actor,
    ),
)
_COUNT = Statement(
    _new.on_conflict_do_update(
        index_elements=["stocktake_id", "product_id"],
        set_={name: _new.excluded[name] for name in ("counted", "on_hand", "counted_at", "counted_by")},
    ).returning(stocktake_line)
)
_surplus = stocktake_line.c.counted - stocktake_line.c.on_hand
_none = bindparam("none", 0, BigInteger)
_sums = (
    select(
        func.count().label("lines"),
        func.coalesce(func.sum(func.greatest(_surplus, _none)), _none).cast(BigInteger).label("surplus"),
        func.coalesce(func.sum(func.greatest(-_surplus, _none)), _none).cast(BigInteger).label("shortage"),
    )
    .where(_of_it)
    .subquery()
)
_SUM_UP = Statement(
    update(stocktake)
    .where(_is_it)
    .values(
        version=stocktake.c.version + bindparam("one", 1, Integer),
        lines=_sums.c.lines,
        surplus=_sums.c.surplus,
        shortage=_sums.c.shortage,
    )
)
_END = Statement(
    update(stocktake)
    .where(_is_it)
    .values(
        version=stocktake.c.version + bindparam("one", 1, Integer),
        state=bindparam("final", type_=Text),
        ended_at=_moment,
        ended_by=_actor,
    )
)
_after: Any = bindparam("after", type_=Uuid)
_LINES = Statement(
    select(stocktake_line)
    .where(_of_it, or_(_after.is_(null()), stocktake_line.c.product_id > _after))
    .order_by(stocktake_line.c.product_id)
    .limit(_most)
)
_of_place: Any = bindparam("place", type_=Uuid)
_of_state: Any = bindparam("of_state", type_=Text)
_LIST = Statement(
    select(stocktake)
    .where(
        stocktake.c.id < bindparam("before", type_=Uuid),
        or_(_of_place.is_(null()), stocktake.c.warehouse_id == _of_place),
        or_(_of_state.is_(null()), stocktake.c.state == _of_state),
    )
    .order_by(stocktake.c.id.desc())
    .limit(_most)
)


class PostgresStocktakes(Stocktakes):
    """Keeps stocktakes in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, stocktake_id: UUID, warehouse_id: UUID, note: str, actor: str, at: datetime) -> bool:
        args = _ADD.args(stocktake_id=stocktake_id, place=warehouse_id, word=note, moment=at, actor=actor)
        return await self._connection.fetchrow(_ADD.text, *args) is not None

    async def lock(self, stocktake_id: UUID) -> StocktakeView | None:
        row = await self._connection.fetchrow(_LOCK.text, stocktake_id)
        return None if row is None else _view(row)

    async def count(
        self, stocktake_id: UUID, counted: Mapping[UUID, int], actor: str, at: datetime
    ) -> list[StocktakeLine]:
        args = _COUNT.args(
            stocktake_id=stocktake_id, products=list(counted), counts=list(counted.values()), moment=at, actor=actor
        )
        kept = await self._connection.fetch(_COUNT.text, *args)
        await self._connection.execute(_SUM_UP.text, *_SUM_UP.args(stocktake_id=stocktake_id))
        return sorted(map(_line, kept), key=lambda line: line.product_id)

    async def lines(self, stocktake_id: UUID) -> list[StocktakeLine]:
        args = _LINES.args(stocktake_id=stocktake_id, after=None, most=None)
        return [_line(row) for row in await self._connection.fetch(_LINES.text, *args)]

    async def end(self, stocktake_id: UUID, state: StocktakeState, actor: str, at: datetime) -> None:
        args = _END.args(stocktake_id=stocktake_id, final=state.value, moment=at, actor=actor)
        await self._connection.execute(_END.text, *args)


class PostgresStocktakeReader(StocktakeReader):
    """Reads stocktakes, newest first, and their lines."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def stocktake(self, stocktake_id: UUID) -> StocktakeView | None:
        row = await self._store.row(_ONE, stocktake_id=stocktake_id)
        return None if row is None else _view(row)

    async def stocktakes(
        self, warehouse_id: UUID | None, state: StocktakeState | None, limit: int, cursor: str | None
    ) -> Page[StocktakeView]:
        before = HIGHEST if cursor is None else decode_cursor(cursor, ByStocktake).id
        wanted = None if state is None else state.value
        found = await self._store.rows(_LIST, before=before, place=warehouse_id, of_state=wanted, most=limit + 1)
        items = [_view(row) for row in found[:limit]]
        return Page(items, encode_cursor(ByStocktake(items[-1].id)) if len(found) > limit else None)

    async def lines(self, stocktake_id: UUID, limit: int, cursor: str | None) -> Page[StocktakeLine]:
        after = None if cursor is None else decode_cursor(cursor, ByLine).product_id
        found = await self._store.rows(_LINES, stocktake_id=stocktake_id, after=after, most=limit + 1)
        items = [_line(row) for row in found[:limit]]
        return Page(items, encode_cursor(ByLine(items[-1].product_id)) if len(found) > limit else None)


def _view(row: asyncpg.Record) -> StocktakeView:
    return StocktakeView(**{**row, "state": StocktakeState(row["state"])})


def _line(row: asyncpg.Record) -> StocktakeLine:
    counted, on_hand = row["counted"], row["on_hand"]
    return StocktakeLine(row["product_id"], counted, on_hand, counted - on_hand, row["counted_at"], row["counted_by"])
