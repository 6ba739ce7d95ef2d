"""The ledger in segments: one takes writes, older ones are only read.

The keys of an event are random, so an index over all of them would grow slow to write: every insert touches another
page. Here only the hot segment has such indexes, and they stay small. When it is full it is frozen and the next one
becomes hot; its keys are then written as a run (``settled_runs``). A segment's places begin at its number times
``WIDTH``.
"""

from collections.abc import Sequence

import asyncpg

from adapters.postgres.settled_runs import (
    LAST_HALF_KIND,
    Run,
    create_run,
    drop_covered,
    merge_slice,
    merged,
    next_merge,
    places_in_runs,
    register,
    runs_of,
    settle_pages,
)
from adapters.postgres.store import PostgresStore
from core.kernel.errors import Contended
from core.kernel.upkeep import Upkeep

WIDTH = 1_000_000_000
ROWS = 300_000
SECONDS = 300
_TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('inventory.segment'))"
_SETTLED = "UPDATE inventory.segment SET state = 'settled' WHERE number = $1 AND state = 'frozen' RETURNING number"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('inventory.segment'))"


class InventoryUpkeep(Upkeep):
    """Freezes a full segment, settles frozen ones and merges the runs of their keys.

    :param rows: events after which a segment is full.
    """

    def __init__(self, store: PostgresStore, rows: int = ROWS) -> None:
        self._store = store
        self._rows = rows

    async def keep_up(self) -> None:
        await self._freeze()
        await self._settle()
        while await self._merge():
            pass

    async def _freeze(self) -> None:
        """Make the next segment hot once this one is full.

        The sequence is moved last, while the lock keeps every writer out, so that all events of a batch, and of all
        batches that run at once, are in one segment.
        """
        async with self._store.transaction() as connection:
            if not await connection.fetchval(_TRY_LOCK):
                return
            hot: int = await connection.fetchval("SELECT number FROM inventory.segment WHERE state = 'hot'")
            last: int = await connection.fetchval("SELECT last_value FROM inventory.event_seq")
            if last - hot * WIDTH < self._rows:
                return
            await connection.execute("LOCK TABLE ONLY inventory.event IN SHARE ROW EXCLUSIVE MODE")
            await connection.execute(create_segment(hot + 1))
            await connection.execute("UPDATE inventory.segment SET state = 'frozen' WHERE number = $1", hot)
            await connection.execute("INSERT INTO inventory.segment VALUES ($1, 'hot')", hot + 1)
            await _make_functions(connection)
            start = f"greatest(last_value, {(hot + 1) * WIDTH})"
            await connection.execute(f"SELECT setval('inventory.event_seq', {start}) FROM inventory.event_seq")

    async def _settle(self) -> None:
        """Write the keys of the oldest frozen segment as a run, then drop its indexes.

        Two transactions: a reader that began before the first one ends still finds the keys in the segment.
        """
        number = await self._write_run()
        if number is None:
            return
        async with self._store.transaction() as connection:
            # What the functions look into follows from the states, so only one keeper at a time may change either.
            await connection.execute(_LOCK)
            if await connection.fetchval(_SETTLED, number) is None:
                return
            await settle_pages(connection, Run(number, number))
            await register(connection, Run(number, number))
            await _make_functions(connection)
            # Its arrivals without a departure are found by their settled keys from now on.
            await connection.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
            await connection.execute(
                "DELETE FROM inventory.open_half WHERE delta > 0 AND seq < $1", (number + 1) * WIDTH, timeout=SECONDS
            )
        async with self._store.transaction() as connection:
            await connection.execute(_LOCK)
            for index in ("movement", "envelope"):
                await connection.execute(f"DROP INDEX IF EXISTS inventory.event_{number}_{index}_key")

    async def _write_run(self) -> int | None:
        """Write the run of the oldest frozen segment unless that was done and the rest was cut short.

        :returns: its number; None where there is none, or another keeper is at it.
        """
        async with self._store.transaction() as connection:
            if not await connection.fetchval(_TRY_LOCK):
                return None
            number: int | None = await connection.fetchval(
                "SELECT min(number) FROM inventory.segment WHERE state = 'frozen'"
            )
            if number is None:
                return None
            if not await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", Run(number, number).table):
                await connection.execute(create_run(number), timeout=SECONDS)
            return number

    async def _merge(self) -> bool:
        """Write a slice of the next run that is due, or let the whole one stand for its parts.

        :returns: whether there may be more to do, and no other keeper is at it.
        """
        async with self._store.transaction() as connection:
            if not await connection.fetchval(_TRY_LOCK):
                return False
            due = next_merge(await runs_of(connection))
            if not due:
                return False
            if await merge_slice(connection, due):
                return True
            await register(connection, merged(due))
            await _make_functions(connection)
        async with self._store.transaction() as connection:
            await connection.execute(_LOCK)
            await drop_covered(connection)
        return True


def segment_of(seq: int) -> str:
    """The table that a place is in."""
    return f"event_{seq // WIDTH}"


def create_segment(number: int) -> str:
    """SQL that adds an empty segment with unique keys."""
    table = f"event_{number}"
    return f"""
        CREATE TABLE inventory.{table} (LIKE inventory.event INCLUDING ALL);
        CREATE UNIQUE INDEX {table}_movement_key ON inventory.{table} (movement_id, kind);
        CREATE UNIQUE INDEX {table}_envelope_key ON inventory.{table} (envelope_id, source);
        ALTER TABLE inventory.event ATTACH PARTITION inventory.{table}
            FOR VALUES FROM ({number * WIDTH}) TO ({(number + 1) * WIDTH})"""


def create_functions(runs: Sequence[Run], frozen: Sequence[int], hot: int) -> str:
    """SQL of two functions that tell where the events of ids may be: ``old_places`` outside the hot segment,
    ``kept_places`` anywhere. Only the event at a place tells whether it is one of them.

    Functions, since a join with a view of several segments would read the segments through, and since they are planned
    otherwise than statements that look for a few rows.
    """
    settled = places_in_runs(runs) if runs else _NOWHERE
    old = [settled, *map(_places_in_segment, frozen)]
    return f"""
        {_create_function("old_places", old)};
        {_create_function("kept_places", [*old, _places_in_segment(hot)])}"""


_PLANNED = "ROWS 10 SET enable_hashjoin = on SET enable_nestloop = off SET enable_bitmapscan = off"
_NOWHERE = "SELECT id, NULL::bigint FROM unnest($1) id WHERE false"


def _create_function(name: str, places: Sequence[str]) -> str:
    return f"""
        CREATE OR REPLACE FUNCTION inventory.{name}(ids uuid[]) RETURNS TABLE (id uuid, seq bigint)
        LANGUAGE plpgsql STABLE PARALLEL SAFE {_PLANNED} AS $$
        #variable_conflict use_column
        BEGIN RETURN QUERY {" UNION ALL ".join(places)}; END $$"""


def _places_in_segment(number: int) -> str:
    return f"""
        SELECT movement_id, seq FROM inventory.event_{number}
        WHERE movement_id = ANY ($1) AND kind <= {LAST_HALF_KIND}
        UNION ALL SELECT envelope_id, seq FROM inventory.event_{number}
        WHERE envelope_id = ANY ($1) AND source IS NOT NULL"""


async def _make_functions(connection: asyncpg.Connection) -> None:
    rows = await connection.fetch(
        "SELECT number, state FROM inventory.segment WHERE state <> 'settled' ORDER BY number"
    )
    frozen = [number for number, state in rows if state == "frozen"]
    hot = [number for number, state in rows if state == "hot"]
    if len(hot) != 1:
        raise Contended(part="segments")
    await connection.execute(create_functions(await runs_of(connection), frozen, hot[0]))
