"""The keys of settled segments in runs: tables that are written once, in order, and then only read.

A run has a row for each bucket of a hash of the ids; beside each print, which is more of that hash, stands the place of
an event. So an id is looked for by one row of each run, and the event tells whether it is the one: nothing is forgotten
and nothing approximated. In front of a run stands its filter, a bit for each print in whole pages, which are few enough
to stay at hand: it tells of most ids that the run does not hold them. Neighbouring runs become one, as the digits of a
binary counter do, by short transactions, since a long one keeps the server from cleaning up behind the changes of
stocks. So the number of runs, and how often a key is written, grow with the logarithm of the history.
"""

from collections.abc import Sequence

import asyncpg
import msgspec

FIRST_ENVELOPE_CLASS = 10_000
LAST_HALF_KIND = 2
BUCKET_BITS = 13
PRINT_BITS = 32
FILTERED = 64
BUCKET_WIDTH = 984
SLICE = 2048
SECONDS = 300


class Run(msgspec.Struct, frozen=True, order=True):
    """The keys of the segments from the first to the last one, whose number is a power of two."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many segments."""
        return self.last - self.first + 1

    @property
    def table(self) -> str:
        """Where they are."""
        return f"inventory.settled_{self.first}_{self.last}"

    @property
    def filter(self) -> str:
        """Which prints they may have: a row, which fills a page, for as many buckets as :data:`FILTERED` says."""
        return f"{self.table}_filter"

    @property
    def bits(self) -> int:
        """Bits of a print that tell buckets apart, so that a bucket of a longer run holds no more keys."""
        return self.length.bit_length() - 1

    def bucket(self, hashed: str) -> str:
        """SQL of the bucket of a hash."""
        return f"(({hashed} >> {PRINT_BITS - self.bits}) & {(1 << BUCKET_BITS + self.bits) - 1})::int"

    def bit(self, hashed: str) -> str:
        """SQL of the bit of a hash, or of a print, among those of its bucket."""
        left = PRINT_BITS - self.bits
        return f"((({hashed} & {(1 << left) - 1}) * {BUCKET_WIDTH}) >> {left})"

    def covers(self, other: "Run") -> bool:
        """Whether all keys of another one are in this one too."""
        return self != other and self.first <= other.first and other.last <= self.last


def create_run(number: int) -> str:
    """SQL that writes the keys of one segment as a run."""
    run = Run(number, number)
    return f"""
        {_prepare()};
        {create_tables(run)};
        INSERT INTO {run.table} {
        _grouped(f'''
            SELECT {run.bucket("hash")} AS bucket, {_print("hash")} AS print, seq AS place FROM (
                SELECT uuid_hash_extended(id, 0) AS hash, seq FROM ({_keys(number)}) key) hashed''')
    };
        {_fill_filter(run, 0, 1 << BUCKET_BITS)}"""


def create_tables(run: Run) -> str:
    """SQL of the tables of a run, if it has none."""
    # Written once: there is nothing to clean up, and pages are not written again only to mark them as clean.
    written_once = "WITH (autovacuum_enabled = off, toast_tuple_target = 8160)"
    return f"""
        CREATE TABLE IF NOT EXISTS {run.table}
            (bucket integer PRIMARY KEY, prints integer[] NOT NULL, places bigint[] NOT NULL) {written_once};
        CREATE TABLE IF NOT EXISTS {run.filter} (row integer PRIMARY KEY, bits bytea NOT NULL) {written_once}"""


def places_in_runs(runs: Sequence[Run]) -> str:
    """SQL of those of the ids ``$1`` that some runs may hold, and where; it is to be planned with joins by hash alone.

    So each filter, and each run for the ids that are left, is read through once in the order of its rows, wherever
    thousands of ids need them: to descend to a row for each of them takes twice as long.
    """
    left = ", ".join(f"left_{run.first} AS MATERIALIZED ({_left(run)})" for run in runs)
    found = " UNION ALL ".join(
        f"""
        SELECT wanted.id, place
        FROM {run.table} run JOIN left_{run.first} wanted USING (bucket),
            unnest(run.places[
                width_bucket(print::bigint - 1, run.prints::bigint[]) + 1 : width_bucket(print, run.prints)]) place
        WHERE run.bucket = ANY (ARRAY(SELECT bucket FROM left_{run.first}))
            AND run.prints[width_bucket(print, run.prints)] = print"""
        for run in runs
    )
    return f"""
        WITH wanted AS MATERIALIZED (
            SELECT id, hash, {_print("hash")} AS print
            FROM (SELECT id, uuid_hash_extended(id, 0) AS hash FROM unnest($1) id) hashed),
        {left} {found}"""


def _left(run: Run) -> str:
    """SQL of the wanted ids that the filter of a run lets through."""
    bucket = run.bucket("hash")
    return f"""
        SELECT id, print, {bucket} AS bucket
        FROM {run.filter} filter JOIN wanted ON filter.row = {bucket} / {FILTERED}
        WHERE filter.row = ANY (ARRAY(SELECT {bucket} / {FILTERED} FROM wanted))
            AND get_bit(filter.bits, {bucket} % {FILTERED} * {BUCKET_WIDTH} + {run.bit("hash")}) = 1"""


def next_merge(runs: Sequence[Run]) -> list[Run]:
    """The neighbours that become one run next, none where none are due: as many as together have a length of a power of
    two and begin at a multiple of it. All at once, so that keys skip the lengths in between.

    :param runs: all there are, in order.
    """
    whole = runs[-1].last + 1 if runs else 0
    for bits in range(whole.bit_length() - 1, 0, -1):
        for first in range(0, whole - (1 << bits) + 1, 1 << bits):
            parts = [run for run in runs if first <= run.first and run.last < first + (1 << bits)]
            if len(parts) > 1:
                return parts
    return []


def merged(parts: Sequence[Run]) -> Run:
    """What neighbours become."""
    return Run(parts[0].first, parts[-1].last)


async def merge_slice(connection: asyncpg.Connection, parts: Sequence[Run]) -> bool:
    """Write some more buckets of the run that neighbours become.

    :returns: whether there were any left; they are seen when the transaction ends.
    """
    run = merged(parts)
    whole, step = max(1, FILTERED >> run.bits), max(1, SLICE >> run.bits)
    await connection.execute(create_tables(run))
    done = await connection.fetchval(f"SELECT max(bucket) >> {run.bits} FROM {run.table}")
    after = -1 if done is None else done
    await settle_pages(connection, run, (after - step) * (1 << run.bits))
    lowest = (
        f"SELECT min(bucket) >> {each.bits} FROM {each.table} WHERE bucket >= ($1::int + 1) << {each.bits}"
        for each in parts
    )
    start = await connection.fetchval(f"SELECT least({', '.join(f'({each})' for each in lowest)})", after)
    if start is None:
        return False
    start -= start % whole
    end = start + step
    keys = " UNION ALL ".join(_rebucketed(part, run, start, end) for part in parts)
    fill = _fill_filter(run, start << run.bits, end << run.bits)
    await connection.execute(f"{_prepare()}; INSERT INTO {run.table} {_grouped(keys)}; {fill}", timeout=SECONDS)
    return True


def _rebucketed(part: Run, run: Run, start: int, end: int) -> str:
    """SQL of keys of a part with their buckets in a longer run, between buckets as a run of one segment has them."""
    more = run.bits - part.bits
    return f"""
        SELECT (bucket << {more}) | ((print >> {PRINT_BITS - run.bits}) & {(1 << more) - 1}) AS bucket, print, place
        FROM {part.table}, unnest(prints, places) kept (print, place)
        WHERE bucket >= {start << part.bits} AND bucket < {end << part.bits}"""


async def settle_pages(connection: asyncpg.Connection, run: Run, after: int = -1) -> None:
    """Read rows that were just written, which marks them as committed.

    The first readers would do it otherwise, page by page and behind the next checkpoint, and log each page in full.

    :param after: the bucket behind which to begin.
    """
    await connection.fetchval(f"SELECT count(places) FROM {run.table} WHERE bucket > $1", after, timeout=SECONDS)
    first = after // FILTERED
    await connection.fetchval(f"SELECT count(bits) FROM {run.filter} WHERE row > $1", first, timeout=SECONDS)


async def runs_of(connection: asyncpg.Connection) -> list[Run]:
    """The runs that are looked into, in order."""
    rows = await connection.fetch("SELECT first, last FROM inventory.settled_run ORDER BY first")
    return [Run(first, last) for first, last in rows]


async def register(connection: asyncpg.Connection, run: Run) -> None:
    """Let a run stand for those that it covers."""
    await connection.execute("DELETE FROM inventory.settled_run WHERE first >= $1 AND last <= $2", run.first, run.last)
    await connection.execute("INSERT INTO inventory.settled_run VALUES ($1, $2)", run.first, run.last)


async def drop_covered(connection: asyncpg.Connection) -> None:
    """Drop what nobody looks into any more; one that is being written stays."""
    rows = await connection.fetch(r"""
        SELECT split_part(relname, '_', 2)::int, split_part(relname, '_', 3)::int FROM pg_class
        WHERE relnamespace = 'inventory'::regnamespace AND relkind = 'r' AND relname ~ '^settled_\d+_\d+$'""")
    runs = await runs_of(connection)
    for run in sorted(Run(first, last) for first, last in rows):
        if any(each.covers(run) for each in runs):
            await connection.execute(f"DROP TABLE {run.filter}, {run.table}")


def _keys(number: int) -> str:
    return f"""
        SELECT movement_id AS id, seq FROM inventory.event_{number} WHERE kind <= {LAST_HALF_KIND}
        UNION ALL SELECT envelope_id, seq FROM inventory.event_{number}
        WHERE envelope_id IS NOT NULL AND source IS NOT NULL"""


def _print(hashed: str) -> str:
    return f"(({hashed} << {PRINT_BITS}) >> {PRINT_BITS})::int"


def _fill_filter(run: Run, start: int, end: int) -> str:
    """SQL that writes the rows of a filter for some buckets of a run, which are written already."""
    return f"""
        INSERT INTO {run.filter}
        SELECT bucket / {FILTERED} AS row, string_agg(
            (SELECT inventory.bits_at({run.bit("print::bigint")}, 1) FROM unnest(prints) print), '' ORDER BY bucket)
        FROM generate_series({start}, {end - 1}) bucket LEFT JOIN {run.table} USING (bucket)
        GROUP BY row ORDER BY row"""


def _prepare() -> str:
    return f"SET LOCAL statement_timeout = '{SECONDS}s'; SET LOCAL enable_seqscan = on; SET LOCAL work_mem = '64MB'"


def _grouped(keys: str) -> str:
    return f"""
        SELECT bucket, array_agg(print ORDER BY print, place), array_agg(place ORDER BY print, place)
        FROM ({keys}) key GROUP BY bucket ORDER BY bucket"""
