"""Looking for what is overdue passes over what left only now, however much is under way."""

import re
from datetime import timedelta

import pytest

from adapters.postgres.transit import DUE
from tests.support.events import T0, World
from tests.support.postgres import postgres_subject, store_of

ROWS = 5_000
HOURS = 72
FILL = """
    INSERT INTO inventory.open_half
    SELECT gen_random_uuid(), 1000 + n, $1::int, -1, $2::timestamptz, true FROM generate_series(1, $3::int) n"""


@pytest.mark.parametrize("analysed", [False, True])
async def test_what_left_only_now_is_not_looked_at(fresh_postgres_url: str, analysed: bool) -> None:
    w = World()
    now = T0 + timedelta(hours=HOURS)
    async with store_of(fresh_postgres_url) as store:
        await postgres_subject(store).apply(w.arrival(1, warehouse=1), w.departure(2))
        async with store.connection() as connection:
            number = await connection.fetchval("SELECT id FROM inventory.stock")
            await connection.execute(FILL, number, now, ROWS)
            if analysed:
                await connection.execute("ANALYZE inventory.open_half")
            args = DUE.args(at=now, default_hours=HOURS, most=500)
            plan = await connection.fetch(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {DUE.text}", *args)
    text = "\n".join(line for (line,) in plan)
    removed = sum(int(float(found)) for found in re.findall(r"Rows Removed by \w+(?: \w+)*: (\d+)", text))
    assert removed < ROWS / 10, text
