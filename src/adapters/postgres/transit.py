"""Goods that are under way for too long."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    DateTime,
    Integer,
    Interval,
    Uuid,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.event_rows import OPEN, OVERDUE
from adapters.postgres.statement import Statement, array
from adapters.postgres.store import PostgresStore
from adapters.postgres.tables import open_half, stock, transit_limit
from core.inventory.api import InTransitView
from core.inventory.positions import ByOverdue
from core.inventory.transit import Overdue, TransitReader, TransitWatch
from core.kernel.paging import Page, decode_cursor, encode_cursor

FIRST = ByOverdue(datetime(1901, 1, 1, tzinfo=UTC), UUID(int=0))

_HOUR: Any = literal_column("interval '1 hour'", Interval)
_at: Any = bindparam("at", type_=DateTime(timezone=True))
_default: Any = bindparam("default_hours", type_=Integer)
_warehouse: Any = bindparam("warehouse_id", type_=Uuid)
_hours = func.coalesce(transit_limit.c.hours, _default)
_shortest = select(func.least(func.min(transit_limit.c.hours), _default)).scalar_subquery()
_oldest_first = open_half.c.occurred_at, open_half.c.movement_id
_state: Any = literal_column(str(OVERDUE))

# The shortest limit of all bounds how much of the index is looked at; the limit of each warehouse decides.
DUE = Statement(
    select(
        open_half.c.movement_id,
        stock.c.warehouse_id,
        stock.c.product_id,
        -open_half.c.delta,
        open_half.c.occurred_at,
        _hours.label("limit_hours"),
    )
    .join_from(open_half, stock, stock.c.id == open_half.c.stock_id)
    .outerjoin(transit_limit, transit_limit.c.warehouse_id == stock.c.warehouse_id)
    .where(
        and_(open_half.c.delta < literal_column("0"), open_half.c.applied),
        open_half.c.state == literal_column(str(OPEN)),
        open_half.c.occurred_at <= _at - _shortest * _HOUR,
        open_half.c.occurred_at <= _at - _hours * _HOUR,
    )
    .order_by(*_oldest_first)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True, of=open_half)
)
_MARK = Statement(
    update(open_half).where(open_half.c.movement_id == func.any(array("movements", Uuid))).values(state=_state)
)
_new = insert(transit_limit).values(warehouse_id=_warehouse, hours=bindparam("hours", type_=Integer))
_HOLD_LIMIT = Statement(
    _new.on_conflict_do_update(index_elements=["warehouse_id"], set_={"hours": transit_limit.c.hours}).returning(
        transit_limit.c.hours
    )
)
_SET_LIMIT = Statement(_new.on_conflict_do_update(index_elements=["warehouse_id"], set_={"hours": _new.excluded.hours}))
_LIMIT = Statement(select(transit_limit.c.hours).where(transit_limit.c.warehouse_id == _warehouse))
OVERDUE_LIST = Statement(
    select(
        open_half.c.movement_id, stock.c.product_id, stock.c.warehouse_id, -open_half.c.delta, open_half.c.occurred_at
    )
    .join_from(open_half, stock, stock.c.id == open_half.c.stock_id)
    .where(
        open_half.c.state == _state,
        tuple_(*_oldest_first)
        > tuple_(bindparam("departed_at", type_=DateTime(timezone=True)), bindparam("movement_id", type_=Uuid)),
    )
    .order_by(*_oldest_first)
    .limit(bindparam("most", type_=Integer))
)


class PostgresTransitWatch(TransitWatch):
    """Marks open halves in the transaction of the caller; it holds no stock, and no half that somebody else holds."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def limit(self, warehouse_id: UUID) -> int | None:
        args = _HOLD_LIMIT.args(warehouse_id=warehouse_id, hours=None)
        return await self._connection.fetchval(_HOLD_LIMIT.text, *args)  # type: ignore[no-any-return]

    async def set_limit(self, warehouse_id: UUID, hours: int | None) -> None:
        await self._connection.execute(_SET_LIMIT.text, *_SET_LIMIT.args(warehouse_id=warehouse_id, hours=hours))

    async def mark_overdue(self, at: datetime, default_hours: int, most: int) -> list[Overdue]:
        args = DUE.args(at=at, default_hours=default_hours, most=most)
        found = [Overdue(*row) for row in await self._connection.fetch(DUE.text, *args)]
        if found:
            await self._connection.execute(_MARK.text, [each.movement_id for each in found])
        return found


class PostgresTransitReader(TransitReader):
    """Reads what was marked."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def overdue(self, limit: int, cursor: str | None) -> Page[InTransitView]:
        after = FIRST if cursor is None else decode_cursor(cursor, ByOverdue)
        found: Sequence[asyncpg.Record] = await self._store.rows(
            OVERDUE_LIST, departed_at=after.departed_at, movement_id=after.movement_id, most=limit + 1
        )
        items = [InTransitView(*row) for row in found[:limit]]
        last = encode_cursor(ByOverdue(items[-1].departed_at, items[-1].movement_id)) if items else None
        return Page(items, last if len(found) > limit else None)

    async def limit(self, warehouse_id: UUID) -> int | None:
        row = await self._store.row(_LIMIT, warehouse_id=warehouse_id)
        return None if row is None else row[0]
