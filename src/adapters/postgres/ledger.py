"""Reading the ledger of one stock.

A page touches as many rows as it shows. A stock of the past by event time adds up the rows of that stock, since event
times follow no order.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BigInteger,
    DateTime,
    Integer,
    bindparam,
    func,
    literal_column,
    null,
    select,
)

from adapters.postgres.statement import Statement
from adapters.postgres.stock_batch import ADJUSTMENT, ARRIVAL, CANCELLATION, DEPARTURE, RELEASE
from adapters.postgres.stock_rows import NEWEST_FIRST, OLDER, STOCK_ID
from adapters.postgres.store import PostgresStore
from adapters.postgres.tables import event
from core.inventory.api import Basis, Cause, LedgerEntry
from core.inventory.ledger import LedgerReader
from core.inventory.positions import ByEntry
from core.kernel.paging import Page, decode_cursor, encode_cursor

END = 2**63 - 1
CAUSES = {
    DEPARTURE: Cause.DEPARTURE,
    ARRIVAL: Cause.ARRIVAL,
    ADJUSTMENT: Cause.ADJUSTMENT,
    RELEASE: Cause.RELEASE,
    CANCELLATION: Cause.CANCELLATION,
}

_as_of: Any = bindparam("as_of", type_=DateTime(timezone=True))
_changed = event.c.balance.is_not(null())
ENTRIES = Statement(
    select(
        event.c.seq,
        event.c.kind,
        event.c.delta,
        event.c.balance,
        event.c.occurred_at,
        event.c.recorded_at,
        event.c.movement_id,
    )
    .where(OLDER)
    .order_by(*NEWEST_FIRST)
    .limit(bindparam("most", type_=Integer))
)
BY_EVENT = Statement(
    select(func.coalesce(func.sum(event.c.delta), literal_column("0")).cast(BigInteger)).where(
        event.c.stock_id == STOCK_ID, _changed, event.c.occurred_at <= _as_of
    )
)
BY_RECORDED = Statement(
    select(event.c.balance)
    .where(OLDER, _changed, event.c.recorded_at <= _as_of)
    .order_by(*NEWEST_FIRST)
    .limit(literal_column("1"))
)


class PostgresLedgerReader(LedgerReader):
    """Reads the rows of one stock."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def entries(self, warehouse_id: UUID, product_id: UUID, limit: int, cursor: str | None) -> Page[LedgerEntry]:
        before = END if cursor is None else decode_cursor(cursor, ByEntry).seq
        found = await self._store.rows(
            ENTRIES, warehouse_id=warehouse_id, product_id=product_id, before=before, most=limit + 1
        )
        items = [_entry(row) for row in found[:limit] if row["balance"] is not None]
        return Page(items, encode_cursor(ByEntry(found[limit - 1]["seq"])) if len(found) > limit else None)

    async def quantity(self, warehouse_id: UUID, product_id: UUID, as_of: datetime, by: Basis) -> int:
        pair = {"warehouse_id": warehouse_id, "product_id": product_id}
        if by is Basis.EVENT:
            row = await self._store.row(BY_EVENT, **pair, as_of=as_of)
        else:
            row = await self._store.row(BY_RECORDED, **pair, before=END, as_of=as_of)
        return 0 if row is None else int(row[0])


def _entry(row: asyncpg.Record) -> LedgerEntry:
    by_hand = row["kind"] == ADJUSTMENT
    return LedgerEntry(
        delta=row["delta"],
        balance_after=row["balance"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        cause=CAUSES[row["kind"]],
        movement_id=None if by_hand else row["movement_id"],
        adjustment_id=row["movement_id"] if by_hand else None,
    )
