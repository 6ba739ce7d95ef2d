"""Stores millions of events in settled segments by statements over whole segments, in minutes."""

import asyncio
from uuid import UUID

import asyncpg

from adapters.postgres.segments import ROWS, WIDTH, create_functions, create_segment
from adapters.postgres.settled_runs import Run, create_run, register, runs_of
from benchmarks.inventory.growth import keep_up
from benchmarks.inventory.workload import PRODUCTS, WAREHOUSES, Workload
from benchmarks.servers import connected

SECONDS = 600.0
APART = 1000
# Halves of a movement are as far apart as those of a workload; balances follow from the stock and all rows before.
_ADD = f"""
    INSERT INTO inventory.event_{{number}} (seq, kind, source, stock_id, delta, balance, occurred_at, recorded_at,
        first_seq, movement_id, envelope_id)
    WITH moved AS MATERIALIZED (
        SELECT {{base}} + n / {APART} * {2 * APART} + n % {APART} AS seq, gen_random_uuid() AS movement_id,
            (random() * {WAREHOUSES - 1})::int AS place, 1 + (random() * {WAREHOUSES - 2})::int AS way,
            (random() * {PRODUCTS - 1})::int AS product, 1 + (random() * 99)::int AS pieces
        FROM generate_series(0, {{pairs}} - 1) n),
    half AS (
        SELECT seq, 1 AS kind, place, product, -pieces AS delta, NULL::bigint AS first_seq, movement_id FROM moved
        UNION ALL SELECT seq + {APART}, 2, (place + way) % {WAREHOUSES}, product, pieces, seq, movement_id FROM moved),
    numbered AS (SELECT *, place * {PRODUCTS} + product + 1 AS stock_id FROM half)
    SELECT seq, kind, 1000 + place, stock_id, delta,
        quantity + sum(delta) OVER (PARTITION BY stock_id ORDER BY numbered.seq),
        timestamptz '2024-02-18' + seq % {WIDTH} * interval '1 second', clock_timestamp(), first_seq, movement_id,
        gen_random_uuid()
    FROM numbered JOIN inventory.stock ON stock.id = stock_id ORDER BY seq"""
_CHANGE = """
    UPDATE inventory.stock SET quantity = quantity + moved.delta
    FROM (SELECT stock_id, sum(delta) AS delta FROM inventory.event_{number} GROUP BY stock_id) moved
    WHERE stock.id = moved.stock_id"""


def store_settled(url: str, workload: Workload, count: int) -> None:
    """Store events of the past in front of those of a workload, whose stocks then begin where these end.

    :param url: a database without events.
    :param count: how many, about; each segment holds as many as the others.
    """
    workload.number, quantities = asyncio.run(_store_all(url, count))
    workload.quantities.update(quantities)


async def _store_all(url: str, count: int) -> tuple[int, dict[tuple[UUID, UUID], int]]:
    segments = max(1, round(count / ROWS))
    async with connected(url) as connection:
        for number in range(segments):
            if number:
                await connection.execute(create_segment(number))
            await _store(connection, number, count // segments // 2)
        await connection.execute(create_segment(segments))
        await connection.execute(f"INSERT INTO inventory.segment VALUES ({segments}, 'hot')")
        await connection.execute(create_functions(await runs_of(connection), [], segments))
        await connection.execute(f"SELECT setval('inventory.event_seq', {segments * WIDTH})")
    await keep_up(url)
    async with connected(url) as connection:
        await connection.execute("VACUUM (FREEZE, ANALYZE)", timeout=SECONDS)
        rows = await connection.fetch("SELECT warehouse_id, product_id, quantity FROM inventory.stock")
    return count // segments // 2 * 2 * segments, {(row[0], row[1]): row[2] for row in rows}


async def _store(connection: asyncpg.Connection, number: int, pairs: int) -> None:
    await connection.execute(f"DROP INDEX inventory.event_{number}_movement_key, inventory.event_{number}_envelope_key")
    base = max(1, number * WIDTH)
    async with connection.transaction():
        await connection.execute(_ADD.format(number=number, base=base, pairs=pairs), timeout=SECONDS)
        await connection.execute(_CHANGE.format(number=number), timeout=SECONDS)
        await connection.execute(create_run(number), timeout=SECONDS)
        await register(connection, Run(number, number))
        await connection.execute(
            f"INSERT INTO inventory.segment VALUES ({number}, 'settled')"
            " ON CONFLICT (number) DO UPDATE SET state = 'settled'"
        )
    await connection.execute("VACUUM inventory.stock")
