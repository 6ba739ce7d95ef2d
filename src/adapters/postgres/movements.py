"""Reading movements."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from adapters.postgres import movements_sql as sql
from adapters.postgres.gathered import Gathered
from adapters.postgres.stock_batch import ARRIVAL
from adapters.postgres.store import PostgresStore
from core.inventory.api import Decided, Decision, InTransitTotal, InTransitView, MovementView
from core.inventory.domain.movement import Half, MovementEvent
from core.inventory.domain.view import movement_view
from core.inventory.ports import MovementFilter, MovementReader
from core.inventory.positions import ByDeparture, ByReceipt, BySource
from core.kernel.paging import Page, decode_cursor, encode_cursor

END = 2**63 - 1
LOWEST = UUID(int=0)
FIRST = ByDeparture(datetime(1901, 1, 1, tzinfo=UTC), LOWEST)
EXAMINED = 500


class PostgresMovementReader(MovementReader):
    """Reads movements out of the ledger; a list examines a bounded number of rows for a page."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._gathered: Gathered[UUID, MovementView] = Gathered(self._views)

    async def movement(self, movement_id: UUID) -> MovementView | None:
        return await self._gathered.get(movement_id)

    async def movements(self, wanted: MovementFilter, limit: int, cursor: str | None) -> Page[MovementView]:
        before = END if cursor is None else decode_cursor(cursor, ByReceipt).seq
        picks = wanted.status is not None or wanted.variance is not None
        most = max(limit + 1, EXAMINED) if picks else limit + 1
        found = await self._candidates(wanted, before, most)
        views = await self._views([movement for _, movement in found])
        items = [(seq, views[movement]) for seq, movement in found if wanted.holds_for(views[movement])]
        if len(items) > limit:
            return Page([view for _, view in items[:limit]], _cursor(items[limit - 1][0]))
        last = found[-1][0] if len(found) == most else await self._window_end(wanted, before)
        return Page([view for _, view in items], None if last is None else _cursor(last))

    async def in_transit(
        self, warehouse_id: UUID | None, product_id: UUID | None, limit: int, cursor: str | None
    ) -> Page[InTransitView]:
        after = FIRST if cursor is None else decode_cursor(cursor, ByDeparture)
        start = {"departed_at": after.departed_at, "movement_id": after.movement_id}
        whole = warehouse_id is None and product_id is None
        found = await self._store.rows(
            sql.IN_TRANSIT,
            **start,
            warehouse_id=warehouse_id,
            product_id=product_id,
            window=limit + 1 if whole else sql.WINDOW,
            most=limit + 1,
        )
        items = [InTransitView(*row) for row in found[:limit]]
        if len(found) > limit:
            return Page(items, encode_cursor(ByDeparture(items[-1].departed_at, items[-1].movement_id)))
        end = None if whole else await self._store.row(sql.IN_TRANSIT_END, **start)
        return Page(items, None if end is None else encode_cursor(ByDeparture(*end)))

    async def in_transit_totals(
        self, warehouse_id: UUID | None, product_id: UUID | None, limit: int, cursor: str | None
    ) -> Page[InTransitTotal]:
        after = BySource(LOWEST, LOWEST) if cursor is None else decode_cursor(cursor, BySource)
        found = await self._store.rows(
            sql.IN_TRANSIT_TOTALS,
            warehouse_id=warehouse_id,
            product_id=product_id,
            after_warehouse=after.source_warehouse_id,
            after_product=after.product_id,
            most=limit + 1,
        )
        items = [InTransitTotal(*row) for row in found[:limit]]
        last = encode_cursor(BySource(items[-1].source_warehouse_id, items[-1].product_id)) if items else None
        return Page(items, last if len(found) > limit else None)

    async def _candidates(self, wanted: MovementFilter, before: int, most: int) -> Sequence[asyncpg.Record]:
        """Places and movements of the halves that stand for movements, newest first.

        The two halves of a movement are of one product and of two warehouses, so where a warehouse is asked for just
        one half of a movement matches; else it is the first.
        """
        place, product = wanted.warehouse_id, wanted.product_id
        if place is not None and product is not None:
            return await self._store.rows(
                sql.OF_STOCK, before=before, most=most, warehouse_id=place, product_id=product
            )
        if place is not None:
            return await self._store.rows(sql.OF_WAREHOUSE, before=before, most=most, warehouse_id=place)
        if product is not None:
            return await self._store.rows(sql.OF_PRODUCT, before=before, most=most, product_id=product)
        return await self._store.rows(sql.ALL, before=before, most=most)

    async def _window_end(self, wanted: MovementFilter, before: int) -> int | None:
        """Where the examined rows end, None at the end of all."""
        if (wanted.warehouse_id is None) == (wanted.product_id is None):
            return None
        row = await self._store.row(sql.WINDOW_END, before=before)
        return None if row is None else int(row[0])

    async def _views(self, movements: Sequence[UUID]) -> dict[UUID, MovementView]:
        rows = await self._store.rows(
            sql.HALVES,
            ids=movements,
        )
        halves: dict[UUID, list[asyncpg.Record]] = {}
        for row in rows:
            halves.setdefault(row["movement_id"], []).append(row)
        return {movement: _view(found) for movement, found in halves.items()}


def _cursor(seq: int) -> str:
    return encode_cursor(ByReceipt(seq))


def _view(rows: Sequence[asyncpg.Record]) -> MovementView:
    departure = arrival = decision = None
    parked = False
    for movement_id, kind, delta, occurred_at, warehouse_id, product_id, waits, outcome, *decided in rows:
        if outcome is not None:
            decision = Decision(Decided(outcome), *decided)
        if kind == ARRIVAL:
            arrival = MovementEvent(movement_id, Half.ARRIVAL, warehouse_id, product_id, delta, occurred_at)
        else:
            departure = MovementEvent(movement_id, Half.DEPARTURE, warehouse_id, product_id, -delta, occurred_at)
            parked = waits
    return movement_view(departure, arrival, parked=parked, decision=decision)
