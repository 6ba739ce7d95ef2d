"""Rows that are copied are read back as what they were made of."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from adapters.postgres.copying import PART, copy, moment
from adapters.postgres.event_rows import ledger_row, open_row, parked_row, put_back_row
from adapters.postgres.stock_batch import Entry
from adapters.postgres.stock_book_sql import EVENT_COLUMNS, OPEN_HALF_COLUMNS, PARKED_COLUMNS
from core.inventory.domain.movement import Half, MovementEvent

AT = datetime(2025, 2, 18, 12, 12, 56, 123457, tzinfo=UTC)
EARLY, LATE = datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
MOVEMENT, ENVELOPE, PLACE, PRODUCT = (UUID(int=number) for number in (2**128 - 1, 0, 3, 4))
LARGEST = 2**63 - 1


@pytest.fixture
async def connection(fresh_postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(fresh_postgres_url)
    yield opened
    await opened.close()


def entry(at: datetime, balance: int | None) -> Entry:
    event = MovementEvent(MOVEMENT, Half.DEPARTURE, PLACE, PRODUCT, 7, at, 3423, ENVELOPE)
    return Entry(0, event, 5, 1, -7, seq=LARGEST, balance=balance)


async def test_rows_of_the_ledger_whatever_is_absent(connection: asyncpg.Connection) -> None:
    rows: list[tuple[Any, ...]] = []
    packed = []
    for here in product((True, False), repeat=4):
        seq = 1 + len(rows)
        given: list[Any] = [
            value if there else None for value, there in zip((9999, LARGEST, 8, ENVELOPE), here, strict=True)
        ]
        source, balance, first, envelope = given
        rows.append((seq, 2, source, 2**31 - 1, -LARGEST, balance, EARLY, LATE, first, MOVEMENT, envelope))
        kept, moments = (seq, 2, source, 2**31 - 1, -LARGEST, balance), (moment(EARLY), moment(LATE))
        packed.append(ledger_row(*kept, *moments, first, MOVEMENT.bytes, envelope and envelope.bytes))
    await connection.execute("CREATE TABLE inventory.copied (LIKE inventory.event)")
    await copy(connection, "copied", EVENT_COLUMNS, packed)
    assert [tuple(row) for row in await connection.fetch("SELECT * FROM inventory.copied ORDER BY seq")] == rows


async def test_open_halves_and_parked_departures(connection: asyncpg.Connection) -> None:
    waiting, applied = entry(AT, None), entry(AT + timedelta(microseconds=1), 0)
    met = (ENVELOPE, 3, 4, -5, LATE, False, 1, PLACE, PRODUCT)
    await copy(connection, "open_half", OPEN_HALF_COLUMNS, [open_row(waiting), put_back_row(met, set())])
    assert [tuple(row) for row in await connection.fetch("SELECT * FROM inventory.open_half ORDER BY seq")] == [
        met[:-2],
        (MOVEMENT, LARGEST, 5, -7, AT, False, 0),
    ]
    await connection.execute("DELETE FROM inventory.open_half")
    await copy(connection, "open_half", OPEN_HALF_COLUMNS, [open_row(applied), put_back_row(met, {ENVELOPE})])
    found = await connection.fetch("SELECT applied, occurred_at FROM inventory.open_half ORDER BY seq")
    assert [tuple(row) for row in found] == [(True, LATE), (True, AT + timedelta(microseconds=1))]
    await copy(connection, "parked", PARKED_COLUMNS, [parked_row(waiting)])
    assert tuple(await connection.fetchrow("SELECT * FROM inventory.parked")) == (LARGEST, 5, 7, AT, MOVEMENT)


@pytest.mark.parametrize("count", [1, PART - 1, PART, PART + 1, 3 * PART])
async def test_many_rows_go_in_parts_and_none_is_lost(connection: asyncpg.Connection, count: int) -> None:
    halves = (put_back_row((UUID(int=seq), seq, 4, -5, AT, True, 0, PLACE, PRODUCT), set()) for seq in range(count))
    await copy(connection, "open_half", OPEN_HALF_COLUMNS, halves)
    assert [seq for (seq,) in await connection.fetch("SELECT seq FROM inventory.open_half ORDER BY seq")] == [
        *range(count)
    ]
