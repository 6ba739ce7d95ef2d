"""The statements of the desk of deliveries."""

from adapters.postgres.outbox import CHANNEL

_COLUMNS = """
d.subscriber, d.seq, d.key, d.state, d.attempts, d.failed, d.error, d.due_at,
    o.id, o.name, o.version, o.occurred_at, o.payload
"""

_LIST = f"""
SELECT {_COLUMNS} FROM kernel.delivery AS d
CROSS JOIN LATERAL (SELECT * FROM kernel.outbox WHERE seq = d.seq) AS o
WHERE ($1::text IS NULL OR d.subscriber = $1) AND ($2::text IS NULL OR d.state = $2)
AND (d.seq, d.subscriber) > ($3::bigint, $4::text)
"""
LIST = f"{_LIST} ORDER BY d.seq, d.subscriber LIMIT $5"
LIST_FAILED = f"{_LIST} AND d.failed ORDER BY d.seq, d.subscriber LIMIT $5"

ONE = f"""
SELECT {_COLUMNS} FROM kernel.delivery AS d JOIN kernel.outbox AS o ON o.seq = d.seq
WHERE d.seq = $2 AND d.subscriber = $1
"""

_FACT = "SELECT seq, id, name, version, key, occurred_at, payload FROM kernel.outbox"
LAST = f"SELECT * FROM ({_FACT} ORDER BY seq DESC LIMIT $1) AS newest ORDER BY seq"
AFTER = f"""
({_FACT} WHERE seq = ANY ($2::bigint[]) ORDER BY seq)
UNION ALL ({_FACT} WHERE seq > $1 ORDER BY seq LIMIT $3)
"""

LOCK = """
SELECT d.seq FROM kernel.delivery AS d
WHERE d.subscriber = $1 AND d.failed AND d.state <> 'held'
AND ($2::bigint IS NULL AND d.state = 'dead' OR d.seq = $2)
AND ($3::text IS NULL OR EXISTS (SELECT FROM kernel.outbox AS o WHERE o.seq = d.seq AND o.name = $3))
AND ($4::text IS NULL OR strpos(d.error, $4) > 0)
ORDER BY d.seq LIMIT $5 FOR UPDATE OF d
"""

REPLAY = """
UPDATE kernel.delivery SET state = 'pending', attempts = 0, due_at = $3
WHERE subscriber = $1 AND seq = ANY ($2::bigint[])
"""

DROP = "DELETE FROM kernel.delivery WHERE subscriber = $1 AND seq = ANY ($2::bigint[]) RETURNING key"

WAKE = f"SELECT pg_notify('{CHANNEL}', '')"
