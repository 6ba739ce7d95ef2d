"""Facts into the outbox, in the transaction that made them."""

from collections.abc import Sequence

import asyncpg
import msgspec

from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.outbox import Subscriptions, lane_of

CHANNEL = "soty_outbox"

# Numbers are given in the order of publishing, at the end of the transaction, while the rows that the facts are about
# are locked: so among facts of one key they follow the order of commits.
_ADD = f"""
WITH numbered AS MATERIALIZED (
    SELECT nextval('kernel.outbox_seq') AS seq, fact.* FROM (
        SELECT * FROM unnest(
            $1::uuid[], $2::text[], $3::smallint[], $4::text[], $5::smallint[], $6::text[], $7::text[]
        ) WITH ORDINALITY AS f (id, name, version, key, lane, payload, subscribers, place) ORDER BY place
    ) AS fact
), kept AS (
    INSERT INTO kernel.outbox (seq, id, name, version, key, payload, occurred_at)
    SELECT seq, id, name, version, key, payload::json, $8 FROM numbered
), waiting AS (
    INSERT INTO kernel.delivery (subscriber, seq, lane, key, state, due_at)
    SELECT unnest(string_to_array(subscribers, ',')), seq, lane, key, 'pending', $8 FROM numbered
)
SELECT pg_notify('{CHANNEL}', '')
"""


class PostgresOutbox:
    """Writes a fact once, and one delivery for each of its subscribers.

    :param subscriptions: facts without a subscriber write nothing.
    """

    def __init__(self, subscriptions: Subscriptions, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._subscribers = {kind: ",".join(names) for kind, names in subscriptions.of.items()}

    async def add(self, connection: asyncpg.Connection, published: Sequence[Fact]) -> None:
        """Write those facts that somebody subscribes to."""
        facts = [fact for fact in published if type(fact) in self._subscribers]
        if not facts:
            return
        ids = [self._ids.new() for _ in facts]
        keys = [fact.key() or str(id_) for fact, id_ in zip(facts, ids, strict=True)]
        await connection.execute(
            _ADD,
            ids,
            [fact.name for fact in facts],
            [fact.version for fact in facts],
            keys,
            [lane_of(key) for key in keys],
            [msgspec.json.encode(fact).decode() for fact in facts],
            [self._subscribers[type(fact)] for fact in facts],
            self._clock.now(),
        )
