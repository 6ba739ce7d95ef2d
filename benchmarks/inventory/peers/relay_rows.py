"""The usual publisher: one row at a time, locked, handed over, marked, committed."""

import json
import sys

import asyncpg
import msgspec
import uvloop

from benchmarks.inventory.marks import Marks
from benchmarks.inventory.relay import Check
from core.inventory.events import StockAdjusted

NEXT = """
    SELECT id, payload FROM peer.outbox WHERE published_at IS NULL
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"""
DONE = "UPDATE peer.outbox SET published_at = now() WHERE id = $1"
DECODER = msgspec.json.Decoder(StockAdjusted)


async def main(url: str, facts: int) -> None:
    """Publish so many facts, in the order in which they were written."""
    marks, check = Marks(facts), Check()
    connection = await asyncpg.connect(url, server_settings={"jit": "off"})
    following, done = await connection.prepare(NEXT), await connection.prepare(DONE)
    finished = False
    while not finished:
        async with connection.transaction():
            row = await following.fetchrow()
            check.take(DECODER.decode(row["payload"]))
            await done.fetch(row["id"])
        finished = marks.add(1)
    marks.report()
    await connection.close()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
