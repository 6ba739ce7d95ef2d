"""A careful hand: one message, msgspec, and one prepared statement that writes the rows that Soty writes.

It keeps the same promises: a key is new for ever, a second half meets the first, stock is never below zero. Offsets
are committed once for many messages.
"""

import json
import sys
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec
import uvloop
from aiokafka import AIOKafkaConsumer
from asyncpg.prepared_stmt import PreparedStatement

from benchmarks.inventory.marks import Marks

OFFSETS_EVERY = 1000
TAKE = """
    WITH known AS (
        SELECT seq FROM inventory.old_places(ARRAY[$1, $3]::uuid[]) JOIN inventory.event USING (seq)
        WHERE (movement_id, kind) = ($1, $2::smallint) OR (envelope_id, source) = ($3, $4::smallint - 10000)),
    met AS (
        DELETE FROM inventory.open_half
        WHERE movement_id = $1 AND (delta < 0) = ($2 = 2) AND NOT EXISTS (SELECT FROM known) RETURNING seq),
    changed AS (
        UPDATE inventory.stock SET quantity = quantity + $7
        WHERE warehouse_id = $5 AND product_id = $6 AND quantity + $7 >= 0 AND parked = 0
            AND NOT EXISTS (SELECT FROM known) RETURNING id, quantity),
    added AS (
        INSERT INTO inventory.event_0 (seq, kind, source, stock_id, delta, balance, occurred_at, recorded_at, first_seq,
            movement_id, envelope_id)
        SELECT nextval('inventory.event_seq'), $2, $4 - 10000, id, $7, quantity, $8, clock_timestamp(),
            (SELECT seq FROM met), $1, $3
        FROM changed RETURNING seq, stock_id),
    opened AS (
        INSERT INTO inventory.open_half (movement_id, seq, stock_id, delta, occurred_at, applied)
        SELECT $1, seq, stock_id, $7, $8, true FROM added WHERE NOT EXISTS (SELECT FROM met))
    SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM known)"""


class Data(msgspec.Struct, gc=False):
    movement_id: UUID
    warehouse_id: UUID
    timestamp: datetime
    event: Literal["departure", "arrival"]
    product_id: UUID
    quantity: int


class Envelope(msgspec.Struct, gc=False):
    id: UUID
    source: str
    type: str
    data: Data


DECODER = msgspec.json.Decoder(Envelope)


def arguments(envelope: Any) -> tuple[object, ...]:
    """What the statement wants of a message."""
    data = envelope.data
    kind, delta = (2, data.quantity) if data.event == "arrival" else (1, -data.quantity)
    return (
        data.movement_id,
        kind,
        envelope.id,
        10_000 + int(envelope.source[3:]),
        data.warehouse_id,
        data.product_id,
        delta,
        data.timestamp,
    )


async def take(raw: bytes, statement: PreparedStatement) -> None:
    """Apply one message.

    :raises asyncpg.UniqueViolationError: it is a repeat in the hot segment.
    """
    added, known = await statement.fetchrow(*arguments(DECODER.decode(raw)))
    if not added and not known:
        raise ValueError("not enough stock")


async def main(url: str, bootstrap: str, topic: str, events: int) -> None:
    """Consume so many events."""
    marks = Marks(events)
    connection = await asyncpg.connect(url, server_settings={"jit": "off"})
    statement = await connection.prepare(TAKE)
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, group_id="bench", auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    done, taken = False, 0
    while not done:
        message = await consumer.getone()
        await take(message.value, statement)
        taken += 1
        if taken % OFFSETS_EVERY == 0:
            await consumer.commit()
        done = marks.add(1)
    await consumer.commit()
    marks.report()
    await consumer.stop()
    await connection.close()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
