"""The ledger in segments: one takes writes, older ones are only read.

The keys of an event are random, so an index over all of them would grow slow to write: every insert touches another
page. Here only the hot segment has such indexes, and they stay small. When it is full it is frozen and the next one
becomes hot; its keys are then merged in bulk into one table for ever, where a hash index finds each by one page. That
index is made with the first keys; a small one that grows under readers cannot split its pages while they are read
(src/backend/access/hash/README of PostgreSQL). A segment's places begin at its number times ``WIDTH``.
"""

from collections.abc import Sequence

import asyncpg

from adapters.postgres.store import PostgresStore
from core.kernel.errors import Contended
from core.kernel.upkeep import Upkeep

WIDTH = 1_000_000_000
ROWS = 500_000
SECONDS = 300
FIRST_ENVELOPE_CLASS = 10_000
LAST_HALF_KIND = 2
_TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('inventory.segment'))"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('inventory.segment'))"


class InventoryUpkeep(Upkeep):
    """Freezes a full segment and settles frozen ones.

    :param rows: events after which a segment is full.
    """

    def __init__(self, store: PostgresStore, rows: int = ROWS) -> None:
        self._store = store
        self._rows = rows

    async def keep_up(self) -> None:
        await self._freeze()
        await self._settle()

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
        """Merge the keys of the oldest frozen segment, then drop its indexes.

        Two transactions: a reader that began before the first one ends still finds the keys in the segment.
        """
        number = await self._merge()
        if number is None:
            return
        async with self._store.transaction() as connection:
            # What the functions look into follows from the states, so only one keeper at a time may change either.
            await connection.execute(_LOCK)
            await connection.execute("UPDATE inventory.segment SET state = 'settled' WHERE number = $1", number)
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

    async def _merge(self) -> int | None:
        """Merge the keys of the oldest frozen segment unless that was done and the rest was cut short.

        :returns: its number; None where there is none, or another keeper is at it.
        """
        async with self._store.transaction() as connection:
            if not await connection.fetchval(_TRY_LOCK):
                return None
            number: int | None = await connection.fetchval(
                "SELECT min(number) FROM inventory.segment WHERE state = 'frozen'"
            )
            if number is not None:
                await connection.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
                await connection.execute(_merge_keys(number), timeout=SECONDS)
                await connection.execute(_INDEX_KEYS, timeout=SECONDS)
            return number


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


def create_functions(frozen: Sequence[int], hot: int) -> str:
    """SQL of two functions: ``old_keys`` finds ids outside the hot segment, ``kept_key`` the place of one key anywhere.

    Functions, since a join with a view of several segments would read the segments through. Neither an array nor
    ``OFFSET 0`` leaves a plan the choice to look at all keys for each wanted one, which seems cheap to a plan that is
    made while there are none.
    """
    old = " UNION ALL ".join([_SETTLED_IDS, *(_ids_in(number) for number in frozen)])
    places = " UNION ALL ".join([_SETTLED, *(_place_in(number) for number in [*frozen, hot])])
    return f"""
        CREATE OR REPLACE FUNCTION inventory.old_keys(ids uuid[]) RETURNS TABLE (id uuid, class smallint, seq bigint)
        LANGUAGE sql STABLE PARALLEL SAFE AS $${old}$$;
        CREATE OR REPLACE FUNCTION inventory.kept_key(id uuid, class smallint) RETURNS SETOF bigint
        LANGUAGE sql STABLE PARALLEL SAFE AS $${places} OFFSET 0$$;"""


_SETTLED = "SELECT seq FROM inventory.settled_key WHERE id = $1 AND class = $2"
_INDEX_KEYS = "CREATE INDEX IF NOT EXISTS settled_key_id_idx ON inventory.settled_key USING hash (id)"
_SETTLED_IDS = "SELECT k.id, k.class, k.seq FROM inventory.settled_key k WHERE k.id = ANY ($1)"


def _ids_in(number: int) -> str:
    return f"""
        SELECT e.movement_id, e.kind, e.seq FROM inventory.event_{number} e
        WHERE e.movement_id = ANY ($1) AND e.kind <= {LAST_HALF_KIND}
        UNION ALL SELECT e.envelope_id, ({FIRST_ENVELOPE_CLASS} + e.source)::smallint, e.seq
        FROM inventory.event_{number} e WHERE e.envelope_id = ANY ($1) AND e.source IS NOT NULL"""


def _place_in(number: int) -> str:
    return f"""
        SELECT seq FROM inventory.event_{number} WHERE $2 <= {LAST_HALF_KIND} AND movement_id = $1 AND kind = $2
        UNION ALL SELECT seq FROM inventory.event_{number}
        WHERE $2 >= {FIRST_ENVELOPE_CLASS} AND envelope_id = $1 AND source = $2 - {FIRST_ENVELOPE_CLASS}"""


def _merge_keys(number: int) -> str:
    return f"""
        INSERT INTO inventory.settled_key SELECT * FROM (
            SELECT movement_id AS id, kind AS class, seq FROM inventory.event_{number} WHERE kind <= {LAST_HALF_KIND}
            UNION ALL SELECT envelope_id, ({FIRST_ENVELOPE_CLASS} + source)::smallint, seq
            FROM inventory.event_{number} WHERE envelope_id IS NOT NULL AND source IS NOT NULL) key
        WHERE NOT EXISTS (
            SELECT FROM inventory.settled_key merged JOIN (
                SELECT movement_id, kind FROM inventory.event_{number} WHERE kind <= {LAST_HALF_KIND}
                ORDER BY seq LIMIT 1) first
            ON merged.id = first.movement_id AND merged.class = first.kind)"""


async def _make_functions(connection: asyncpg.Connection) -> None:
    rows = await connection.fetch(
        "SELECT number, state FROM inventory.segment WHERE state <> 'settled' ORDER BY number"
    )
    frozen = [number for number, state in rows if state == "frozen"]
    hot = [number for number, state in rows if state == "hot"]
    if len(hot) != 1:
        raise Contended(part="segments")
    await connection.execute(create_functions(frozen, hot[0]))
