"""Settled keys stand in runs, tables that are written once and in order, instead of one index for random ids.

A run has a row for each bucket of a hash of the ids: prints, which are more bits of the hash, and beside each the place
of an event. The keys are taken from the ledger. Every settled segment gets a run; upkeep merges them later.
"""

from alembic import op
from sqlalchemy import text

revision = "inventory_0008"
down_revision = "inventory_0007"
branch_labels = None
depends_on = None

KEYS = """
    SELECT movement_id AS id, kind AS class, seq FROM inventory.event_{0} WHERE kind <= 2
    UNION ALL SELECT envelope_id, (10000 + source)::smallint, seq FROM inventory.event_{0}
    WHERE envelope_id IS NOT NULL AND source IS NOT NULL"""
CREATE_RUN = """
    CREATE TABLE inventory.settled_{0}_{0}
        (bucket integer PRIMARY KEY, prints integer[] NOT NULL, places bigint[] NOT NULL)
        WITH (autovacuum_enabled = off, toast_tuple_target = 8160)"""
FILL_RUN = """
    INSERT INTO inventory.settled_{0}_{0}
    SELECT bucket, array_agg(print ORDER BY print, seq), array_agg(seq ORDER BY print, seq) FROM (
        SELECT ((hash >> 32) & 8191)::int AS bucket, ((hash << 32) >> 32)::int AS print, seq FROM (
            SELECT uuid_hash_extended(id, 0) AS hash, seq FROM ({keys}) key) hashed) key
    GROUP BY bucket ORDER BY bucket"""
PRINT = "((wanted.hash << 32) >> 32)::int"
IN_RUN = """
    SELECT wanted.id, place FROM (
        SELECT id, uuid_hash_extended(id, 0) AS hash FROM unnest($1) id OFFSET 0) wanted
    JOIN inventory.settled_{0}_{0} run ON run.bucket = ((wanted.hash >> 32) & 8191)::int
        AND run.prints[width_bucket({print}, run.prints)] = {print},
    LATERAL unnest(run.places[
        width_bucket({print}::bigint - 1, run.prints::bigint[]) + 1 : width_bucket({print}, run.prints)]) place"""
IN_SEGMENT = """
    SELECT movement_id, seq FROM inventory.event_{0} WHERE movement_id = ANY ($1) AND kind <= 2
    UNION ALL SELECT envelope_id, seq FROM inventory.event_{0}
    WHERE envelope_id = ANY ($1) AND source IS NOT NULL"""
PLACES = """
    CREATE FUNCTION inventory.{}(ids uuid[]) RETURNS TABLE (id uuid, seq bigint)
    LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT id, NULL::bigint FROM unnest($1) id WHERE false {} $$"""
KEYS_BEFORE = """
    SELECT e.movement_id, e.kind, e.seq FROM inventory.event_{0} e WHERE e.movement_id = ANY ($1) AND e.kind <= 2
    UNION ALL SELECT e.envelope_id, (10000 + e.source)::smallint, e.seq FROM inventory.event_{0} e
    WHERE e.envelope_id = ANY ($1) AND e.source IS NOT NULL"""
PLACE_BEFORE = """
    SELECT seq FROM inventory.event_{0} WHERE $2 <= 2 AND movement_id = $1 AND kind = $2
    UNION ALL SELECT seq FROM inventory.event_{0} WHERE $2 >= 10000 AND envelope_id = $1 AND source = $2 - 10000"""
OLD_BEFORE = """
    CREATE FUNCTION inventory.old_keys(ids uuid[]) RETURNS TABLE (id uuid, class smallint, seq bigint)
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT k.id, k.class, k.seq FROM inventory.settled_key k WHERE k.id = ANY ($1) {} $$"""
KEPT_BEFORE = """
    CREATE FUNCTION inventory.kept_key(id uuid, class smallint) RETURNS SETOF bigint
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT seq FROM inventory.settled_key WHERE id = $1 AND class = $2 {} OFFSET 0 $$"""
RUNS = r"""
    SELECT relname FROM pg_class
    WHERE relnamespace = 'inventory'::regnamespace AND relkind = 'r' AND relname ~ '^settled_(\d+_\d+|run)$'"""


def upgrade() -> None:
    """Write the runs; nothing may be written meanwhile, two to three seconds for each million of events."""
    settled, frozen, hot = _alone()
    op.execute("CREATE TABLE inventory.settled_run (first integer PRIMARY KEY, last integer NOT NULL)")
    insert = text("INSERT INTO inventory.settled_run VALUES (:number, :number)")
    for number in settled:
        op.execute(CREATE_RUN.format(number))
        op.execute(FILL_RUN.format(number, keys=KEYS.format(number)))
        op.get_bind().execute(insert, {"number": number})
    old = [IN_RUN.format(number, print=PRINT) for number in settled] + _each(IN_SEGMENT, frozen)
    op.execute(PLACES.format("old_places", _more(old)))
    op.execute(PLACES.format("kept_places", _more(old + _each(IN_SEGMENT, hot))))
    op.execute("DROP FUNCTION inventory.old_keys, inventory.kept_key")
    op.execute("DROP TABLE inventory.settled_key")


def downgrade() -> None:
    """Change it back; nothing may be written meanwhile, some seconds for each million of events."""
    settled, frozen, hot = _alone()
    op.execute("CREATE TABLE inventory.settled_key (id uuid NOT NULL, class smallint NOT NULL, seq bigint NOT NULL)")
    for number in settled:
        op.execute("INSERT INTO inventory.settled_key " + KEYS.format(number))
    if settled:
        op.execute("CREATE INDEX settled_key_id_idx ON inventory.settled_key USING hash (id)")
    op.execute(OLD_BEFORE.format(_more(_each(KEYS_BEFORE, frozen))))
    op.execute(KEPT_BEFORE.format(_more(_each(PLACE_BEFORE, [*frozen, *hot]))))
    op.execute("DROP FUNCTION inventory.old_places, inventory.kept_places")
    for (run,) in op.get_bind().exec_driver_sql(RUNS).all():
        op.execute(f"DROP TABLE inventory.{run}")


def _alone() -> tuple[list[int], list[int], list[int]]:
    """Keep writers and keepers out, and see which segments are settled, frozen and hot."""
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("SET LOCAL work_mem = '64MB'")
    op.execute("SELECT pg_advisory_xact_lock(hashtext('inventory.segment'))")
    op.execute("LOCK TABLE ONLY inventory.event IN SHARE ROW EXCLUSIVE MODE")
    rows = op.get_bind().exec_driver_sql("SELECT number, state FROM inventory.segment ORDER BY number").all()
    settled, frozen, hot = (
        [number for number, state in rows if state == wanted] for wanted in ("settled", "frozen", "hot")
    )
    return settled, frozen, hot


def _each(query: str, numbers: list[int]) -> list[str]:
    return [query.format(number) for number in numbers]


def _more(queries: list[str]) -> str:
    return "".join(f" UNION ALL {query}" for query in queries)
