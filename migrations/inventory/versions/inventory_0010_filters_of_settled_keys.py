"""A filter in front of each run of settled keys, which tells most ids that the run does not hold.

The functions that look into runs are made anew when the next segment is settled, and go through filters from then on.
"""

from alembic import op
from sqlalchemy import text

revision = "inventory_0010"
down_revision = "inventory_0009"
branch_labels = None
depends_on = None

FILTERED, WIDTH = 64, 984
CREATE_FILTER = """
    CREATE TABLE inventory.settled_{0}_{1}_filter (row integer PRIMARY KEY, bits bytea NOT NULL)
        WITH (autovacuum_enabled = off, toast_tuple_target = 8160)"""
FILL_FILTER = """
    INSERT INTO inventory.settled_{0}_{1}_filter
    SELECT bucket / {filtered} AS row, string_agg(
        (SELECT inventory.bits_at(((print::bigint & {mask}) * {width}) >> {left}, 1) FROM unnest(prints) print),
        '' ORDER BY bucket)
    FROM generate_series(0, {last}) bucket LEFT JOIN inventory.settled_{0}_{1} USING (bucket)
    GROUP BY row ORDER BY row"""
PRINT = "((hash << 32) >> 32)::int"
IN_RUN = """
    SELECT run.places[
        width_bucket(print::bigint - 1, run.prints::bigint[]) + 1 : width_bucket(print, run.prints)] AS places
    FROM inventory.settled_{0}_{1} run
    WHERE run.bucket = ((hash >> {left}) & {last})::int AND run.prints[width_bucket(print, run.prints)] = print"""
IN_RUNS = """
    SELECT wanted.id, place
    FROM (SELECT id, hash, {0} AS print FROM (SELECT id, uuid_hash_extended(id, 0) AS hash FROM unnest($1) id) hashed
        ORDER BY hash & 35184372088831) wanted,
        LATERAL ({1}) found, unnest(found.places) place"""
IN_SEGMENT = """
    SELECT movement_id, seq FROM inventory.event_{0} WHERE movement_id = ANY ($1) AND kind <= 2
    UNION ALL SELECT envelope_id, seq FROM inventory.event_{0}
    WHERE envelope_id = ANY ($1) AND source IS NOT NULL"""
PLACES = """
    CREATE OR REPLACE FUNCTION inventory.{0}(ids uuid[]) RETURNS TABLE (id uuid, seq bigint)
    LANGUAGE sql STABLE PARALLEL SAFE AS $${1}$$"""
TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'inventory'::regnamespace AND relkind = 'r' AND relname ~ :names"""
NOWHERE = "SELECT id, NULL::bigint FROM unnest($1) id WHERE false"


def upgrade() -> None:
    """Write the filters; segments are not settled meanwhile, half a second for each million of events.

    Runs that are not looked into yet are dropped, and written anew with a filter by whoever keeps the segments.
    """
    runs = _alone()
    op.execute(f"""
        CREATE AGGREGATE inventory.bits_at (bigint, integer)
            (SFUNC = set_bit, STYPE = bytea, INITCOND = '\\x{"00" * (WIDTH // 8)}')""")
    unfinished = _tables() - {f"settled_{first}_{last}" for first, last in runs}
    for table in unfinished:
        op.execute(f"DROP TABLE inventory.{table}")
    for first, last in runs:
        left = _left(first, last)
        op.execute(CREATE_FILTER.format(first, last))
        values = {"filtered": FILTERED, "width": WIDTH, "mask": (1 << left) - 1, "left": left}
        op.execute(FILL_FILTER.format(first, last, last=_last(left), **values))


def downgrade() -> None:
    """Look into runs without filters, and drop these; takes milliseconds."""
    runs = _alone()
    found = [IN_RUN.format(*run, left=_left(*run), last=_last(_left(*run))) for run in runs]
    segments = op.get_bind().exec_driver_sql("SELECT number, state FROM inventory.segment ORDER BY number").all()
    settled = IN_RUNS.format(PRINT, " UNION ALL ".join(found)) if runs else NOWHERE
    old = [settled, *(IN_SEGMENT.format(number) for number, state in segments if state == "frozen")]
    hot = [IN_SEGMENT.format(number) for number, state in segments if state == "hot"]
    op.execute(PLACES.format("old_places", " UNION ALL ".join(old)))
    op.execute(PLACES.format("kept_places", " UNION ALL ".join(old + hot)))
    for table in _tables("_filter"):
        op.execute(f"DROP TABLE inventory.{table}")
    op.execute("DROP AGGREGATE inventory.bits_at (bigint, integer)")


def _alone() -> list[tuple[int, int]]:
    """Keep keepers out, and see which runs there are."""
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("SELECT pg_advisory_xact_lock(hashtext('inventory.segment'))")
    rows = op.get_bind().exec_driver_sql("SELECT first, last FROM inventory.settled_run ORDER BY first").all()
    return [(first, last) for first, last in rows]


def _tables(suffix: str = "") -> set[str]:
    rows = op.get_bind().execute(text(TABLES), {"names": rf"^settled_\d+_\d+{suffix}$"})
    return set(rows.scalars())


def _left(first: int, last: int) -> int:
    """How many bits of a print do not tell buckets apart."""
    return 33 - (last - first + 1).bit_length()


def _last(left: int) -> int:
    """The last bucket of a run."""
    return int(2 ** (45 - left)) - 1
