"""Reads of movements by their ids, wherever in the ledger they are."""

import asyncio
import random
import statistics
import time

import msgspec

from adapters.postgres.movements import PostgresMovementReader
from adapters.postgres.segments import WIDTH, InventoryUpkeep
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import open_store
from benchmarks.servers import connected
from core.kernel.secret import Secret

WARM_UP = 200
SEED = 3
_PLACES = """
    SELECT number, (SELECT max(seq) FROM inventory.event WHERE seq >= number * $1 AND seq < (number + 1) * $1)
    FROM (SELECT number::bigint FROM inventory.segment) segment"""


class Reads(msgspec.Struct, frozen=True):
    """Microseconds of one read after another."""

    p50: float
    p99: float


def read(url: str, count: int) -> Reads:
    """Read so many movements through the reader of the application."""
    return asyncio.run(_read(url, count))


async def keep_up(url: str) -> None:
    """Turn to the next segment when the hot one is full, as the processes do on the side."""
    async with open_store(PostgresSettings(url=Secret(url))) as store:
        await InventoryUpkeep(store).keep_up()


async def _read(url: str, count: int) -> Reads:
    async with connected(url) as connection:
        last = [(number, seq) for number, seq in await connection.fetch(_PLACES, WIDTH) if seq is not None]
        draw = random.Random(SEED)
        places = [draw.randint(number * WIDTH, seq) for number, seq in draw.choices(last, k=2 * (count + WARM_UP))]
        found = await connection.fetch("SELECT movement_id FROM inventory.event WHERE seq = ANY ($1)", places)
    movements = [movement for (movement,) in draw.sample(found, min(len(found), count + WARM_UP))]
    times = []
    async with open_store(PostgresSettings(url=Secret(url))) as store:
        reader = PostgresMovementReader(store)
        for movement in movements:
            began = time.perf_counter()
            assert await reader.movement(movement) is not None
            times.append(time.perf_counter() - began)
    cuts = statistics.quantiles(times[WARM_UP:], n=100)
    return Reads(cuts[49] * 1e6, cuts[98] * 1e6)
