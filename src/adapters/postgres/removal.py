"""Removes everything about warehouses and movements whose ids lie in a range, as if they had never been."""

from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Text, Uuid, bindparam, delete, select
from sqlalchemy.sql.schema import Column

from adapters.postgres.statement import Statement
from adapters.postgres.store import PostgresStore
from adapters.postgres.tables import (
    adjustment,
    alert,
    decision,
    delivery,
    event,
    open_half,
    outbox,
    parked,
    quarantine,
    stock,
    stocktake,
    stocktake_line,
    transit_limit,
)

SECONDS = 300.0


def _between(column: Column[UUID]) -> ColumnElement[bool]:
    return column.between(bindparam("first", type_=Uuid), bindparam("last", type_=Uuid))


def _key(column: Column[str]) -> ColumnElement[bool]:
    return column.between(bindparam("first_key", type_=Text), bindparam("last_key", type_=Text))


_stocks = select(stock.c.id).where(_between(stock.c.warehouse_id)).scalar_subquery()
_stocktakes = select(stocktake.c.id).where(_between(stocktake.c.warehouse_id)).scalar_subquery()
_MOVED = Statement(delete(event).where(event.c.stock_id.in_(_stocks)))
_REST = [
    Statement(delete(table).where(condition))
    for table, condition in (
        (parked, parked.c.stock_id.in_(_stocks)),
        (adjustment, adjustment.c.stock_id.in_(_stocks)),
        (open_half, _between(open_half.c.movement_id)),
        (decision, _between(decision.c.movement_id)),
        (transit_limit, _between(transit_limit.c.warehouse_id)),
        (stocktake_line, stocktake_line.c.stocktake_id.in_(_stocktakes)),
        (stocktake, _between(stocktake.c.warehouse_id)),
        (alert, _between(alert.c.warehouse_id)),
        (quarantine, _between(quarantine.c.movement_id)),
        (delivery, _key(delivery.c.key)),
        (outbox, _key(outbox.c.key)),
        (stock, _between(stock.c.warehouse_id)),
    )
]


async def remove_range(store: PostgresStore, first: UUID, last: UUID) -> int:
    """Remove it in one transaction; the trail of the audit stays. No process may work on the store meanwhile.

    Keys of settled segments stay where they are: they tell where an event may be, and it is not there any more.

    :param first: lowest id of warehouses and movements.
    :param last: highest.
    :returns: how many changes of stock were removed.
    :raises Unavailable: the store does not answer.
    """
    values = {"first": first, "last": last, "first_key": str(first), "last_key": str(last)}
    async with store.transaction() as connection:
        await connection.execute(f"SET LOCAL statement_timeout = '{int(SECONDS)}s'")
        removed = await _run(connection, _MOVED, values)
        for statement in _REST:
            await _run(connection, statement, values)
    return removed


async def _run(connection: asyncpg.Connection, statement: Statement, values: dict[str, object]) -> int:
    status: str = await connection.execute(statement.text, *statement.args(**values), timeout=SECONDS)
    return int(status.rpartition(" ")[2])
