"""The ledger of a quiet stock is read without the rows of busy ones, however big the ledger is."""

import re

import pytest

from adapters.postgres.ledger import BY_EVENT, BY_RECORDED, END, ENTRIES
from adapters.postgres.movements_sql import OF_STOCK
from adapters.postgres.segments import WIDTH, create_segment
from adapters.postgres.statement import Statement
from tests.support.events import T0, World
from tests.support.postgres import postgres_subject, store_of

ROWS = 5_000
SEGMENTS = 3
FILL = """
    INSERT INTO inventory.event
    SELECT $1::bigint * $2::bigint + 1000 + n, 2, NULL, $3::int, 1, n, $4::timestamptz, $4::timestamptz, NULL,
        gen_random_uuid(), NULL
    FROM generate_series(1, $5::int) n"""


@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.parametrize("statement", [ENTRIES, BY_EVENT, BY_RECORDED, OF_STOCK])
async def test_no_row_of_another_stock_is_looked_at(
    fresh_postgres_url: str, statement: Statement, analysed: bool
) -> None:
    w = World()
    async with store_of(fresh_postgres_url) as store:
        await postgres_subject(store).apply(w.arrival(1, warehouse=1), w.arrival(2), w.arrival(3, warehouse=1))
        async with store.connection() as connection:
            busy = await connection.fetchval("SELECT id FROM inventory.stock WHERE warehouse_id = $1", w.warehouse(2))
            for number in range(SEGMENTS):
                if number:
                    await connection.execute(create_segment(number))
                await connection.execute(FILL, number, WIDTH, busy, T0, ROWS)
            if analysed:
                await connection.execute("ANALYZE inventory.event")
            pair = {"warehouse_id": w.warehouse(1), "product_id": w.product()}
            args = statement.args(**pair, before=END, most=51, as_of=T0.replace(year=2100))
            plan = await connection.fetch(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {statement.text}", *args)
    text = "\n".join(line for (line,) in plan)
    assert sum(int(float(found)) for found in re.findall(r"Rows Removed by \w+(?: \w+)*: (\d+)", text)) == 0, text
    assert "event_0_pkey" not in text, text
