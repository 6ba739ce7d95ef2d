"""The statements of the lanes.

Keys are compared with arrays or looked up one by one (LATERAL), never joined with lists, so that no plan made over a
small table is bad over a large one.
"""

from adapters.postgres.bell import OWNERS

MAKE_LANES = """
INSERT INTO kernel.lane (subscriber, number) SELECT $1, n FROM generate_series(0, $2::int - 1) AS n
ON CONFLICT DO NOTHING
"""

# Leases do not wait for the disk. A crash of the server may so take one away and give its number to another: both then
# deliver, each in order, and an effect is left once all the same, since its delivery goes in the same transaction.
_UNSYNCED = "(SELECT set_config('synchronous_commit', 'off', true)) = 'off'"

CLAIM = f"""
WITH alive AS MATERIALIZED (
    SELECT array_agg(objid::int) AS owners FROM pg_locks
    WHERE locktype = 'advisory' AND classid = {OWNERS} AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
), free AS (
    SELECT number FROM kernel.lane AS l
    WHERE subscriber = $1 AND resume_at <= $2
    AND (leased_until <= $2 OR owner <> 0 AND NOT owner = ANY (SELECT unnest(owners) FROM alive))
    AND EXISTS (
        SELECT FROM kernel.delivery AS d
        WHERE d.subscriber = $1 AND d.lane = l.number AND d.state = 'pending' AND d.due_at <= $2
    )
    ORDER BY random() LIMIT $5 FOR UPDATE SKIP LOCKED
)
UPDATE kernel.lane AS l SET owner = $4, fence = fence + 1, leased_until = $3
WHERE subscriber = $1 AND number = ANY (ARRAY(SELECT number FROM free)) AND {_UNSYNCED}
RETURNING number, fence
"""

_HOLDS = """
subscriber = $1 AND number = ANY ($2::smallint[]) AND fence = ($3::bigint[])[array_position($2::smallint[], number)]
"""
RELEASE = f"UPDATE kernel.lane SET leased_until = '-infinity', owner = 0, resume_at = $4 WHERE {_HOLDS} AND {_UNSYNCED}"

# A lease is prolonged once it has aged, and not with every batch: what writes nothing waits for no disk.
NEXT = f"""
WITH held AS MATERIALIZED (
    SELECT number FROM kernel.lane WHERE {_HOLDS}
), prolonged AS (
    UPDATE kernel.lane SET leased_until = $4 WHERE {_HOLDS} AND leased_until <= $5
)
SELECT d.seq, d.lane, d.key, d.attempts, o.id, o.name, o.version, o.payload, o.occurred_at,
    EXISTS (
        SELECT FROM kernel.delivery AS e
        WHERE e.subscriber = $1 AND e.key = d.key AND e.seq < d.seq AND (e.failed OR e.state = 'held')
    ) AS behind
FROM held AS l
CROSS JOIN LATERAL (
    SELECT * FROM kernel.delivery
    WHERE subscriber = $1 AND lane = l.number AND state = 'pending' AND due_at <= $6
    ORDER BY seq LIMIT $7
) AS d
CROSS JOIN LATERAL (SELECT * FROM kernel.outbox WHERE seq = d.seq) AS o
ORDER BY d.seq
"""

# The failed one is locked: were it dropped just now, nobody would be left to give back what is held behind it.
HOLD = """
UPDATE kernel.delivery AS d SET state = 'held'
WHERE subscriber = $1 AND seq = ANY ($2::bigint[]) AND state = 'pending' AND EXISTS (
    SELECT FROM kernel.delivery AS e
    WHERE e.subscriber = $1 AND e.key = d.key AND e.seq < d.seq AND e.failed FOR SHARE
)
"""
LET_GO = """
UPDATE kernel.delivery SET state = 'pending'
WHERE subscriber = $1 AND key = ANY ($2::text[]) AND state = 'held' AND (failed OR state = 'held')
"""

REMOVE = """
DELETE FROM kernel.delivery AS d
WHERE subscriber = $1 AND seq = ANY ($2::bigint[]) AND state = 'pending'
AND EXISTS (
    SELECT FROM kernel.lane AS l WHERE l.subscriber = $1 AND l.number = d.lane
    AND l.fence = ($4::bigint[])[array_position($3::smallint[], d.lane)]
)
RETURNING key, failed
"""

FAIL = """
UPDATE kernel.delivery SET state = $5, error = $6, due_at = $7, failed = true, attempts = attempts + 1
WHERE subscriber = $1 AND seq = $2 AND state = 'pending'
AND EXISTS (SELECT FROM kernel.lane WHERE subscriber = $1 AND number = $3 AND fence = $4)
"""

BACKLOG = """
SELECT d.subscriber,
    count(*) FILTER (WHERE d.state = 'pending'),
    min(o.occurred_at) FILTER (WHERE d.state = 'pending'),
    count(*) FILTER (WHERE d.state = 'held'),
    count(*) FILTER (WHERE d.state = 'dead'),
    count(DISTINCT d.lane) FILTER (WHERE d.state = 'pending')
FROM kernel.delivery AS d CROSS JOIN LATERAL (SELECT occurred_at FROM kernel.outbox WHERE seq = d.seq) AS o
GROUP BY d.subscriber ORDER BY d.subscriber
"""

SWEEP_OUTBOX = """
DELETE FROM kernel.outbox WHERE seq = ANY (ARRAY(
    SELECT seq FROM kernel.outbox AS o
    WHERE occurred_at < $1 AND NOT EXISTS (SELECT FROM kernel.delivery AS d WHERE d.seq = o.seq)
    ORDER BY seq LIMIT $2
))
"""
SWEEP_ANSWERS = """
DELETE FROM kernel.answered WHERE (principal, route, key) IN (
    SELECT principal, route, key FROM kernel.answered WHERE created_at < $1 ORDER BY created_at LIMIT $2
)
"""
