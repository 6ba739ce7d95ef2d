"""The limit of a batch: the ledger by COPY into a table without keys, and stocks changed unasked.

Nothing is looked up, nothing is judged, and no stock is kept from falling below zero. In the end there are the same
rows, so halves on their way are added to their table and taken out again.
"""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg
import uvloop

from benchmarks.inventory.apply_ours import WARM_UP
from benchmarks.inventory.marks import Marks
from benchmarks.inventory.workload import Workload
from core.inventory.domain.movement import Half, MovementEvent

MAKE = "CREATE TABLE peer.event AS SELECT * FROM inventory.event WITH NO DATA"
TAKE_OUT = "DELETE FROM inventory.open_half WHERE movement_id = ANY ($1)"
CHANGE = """
    UPDATE inventory.stock SET quantity = quantity + delta FROM unnest($1::int[], $2::bigint[]) AS given (number, delta)
    WHERE id = number RETURNING id, quantity - delta"""

Row = tuple[Any, ...]


class Limit:
    """Writes batches."""

    def __init__(self, connection: asyncpg.Connection, ids: dict[tuple[int, int], int]) -> None:
        self._connection = connection
        self._ids = ids
        self._seq = 0

    async def write(self, batch: Sequence[MovementEvent]) -> None:
        """Write a batch in one transaction."""
        sums: dict[int, int] = {}
        changes = []
        for event in batch:
            number = self._ids[event.warehouse_id.int, event.product_id.int]
            delta = event.quantity if event.half is Half.ARRIVAL else -event.quantity
            sums[number] = sums.get(number, 0) + delta
            changes.append((event, number, delta))
        async with self._connection.transaction():
            balances = dict(await self._connection.fetch(CHANGE, list(sums), list(sums.values())))
            events, halves = self._rows(changes, balances)
            await self._connection.execute(TAKE_OUT, [each.movement_id for each in batch if each.half is Half.ARRIVAL])
            await self._connection.copy_records_to_table("event", schema_name="peer", records=events)
            await self._connection.copy_records_to_table("open_half", schema_name="inventory", records=halves)

    def _rows(
        self, changes: Sequence[tuple[MovementEvent, int, int]], balances: dict[int, int]
    ) -> tuple[list[Row], list[Row]]:
        events: list[Row] = []
        halves: list[Row] = []
        at, seq = datetime.now(UTC), self._seq
        for event, number, delta in changes:
            seq += 1
            balance = balances[number] = balances[number] + delta
            movement, moment = event.movement_id, event.occurred_at
            kind = 2 if delta > 0 else 1
            events.append(
                (seq, kind, event.source, number, delta, balance, moment, at, None, movement, event.envelope_id)
            )
            if delta < 0:
                halves.append((movement, seq, number, delta, moment, True, 0))
        self._seq = seq
        return events, halves


async def main(url: str, events: int, batch: int) -> None:
    """Write so many events of the workload."""
    workload = Workload()
    given = [workload.event(each) for each in workload.take(events)]
    connection = await asyncpg.connect(url, server_settings={"jit": "off", "plan_cache_mode": "force_generic_plan"})
    await connection.execute(MAKE)
    found = await connection.fetch("SELECT warehouse_id, product_id, id FROM inventory.stock")
    limit = Limit(connection, {(warehouse.int, product.int): number for warehouse, product, number in found})
    marks = Marks(events, WARM_UP)
    for start in range(0, events, batch):
        part = given[start : start + batch]
        await limit.write(part)
        marks.add(len(part))
    marks.report()
    await connection.close()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
