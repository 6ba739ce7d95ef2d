"""Rows as COPY takes them in its binary format (documentation of PostgreSQL, COPY, "Binary Format").

The driver could make them too, but finds out anew for each value how it is written, which takes three times as long.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from struct import pack

import asyncpg

SIGNATURE, END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ABSENT = -1
PART = 128
BIGINT, INTEGER, SMALLINT, BOOLEAN, ID = "q", "i", "h", "?", "16s"
SIZES = {BIGINT: 8, INTEGER: 4, SMALLINT: 2, BOOLEAN: 1, ID: 16}


def moment(at: datetime) -> int:
    """A moment as a number of microseconds."""
    past = at - EPOCH
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def packed(codes: Sequence[str], values: Sequence[int | bytes | None]) -> bytes:
    """A row of numbers, truths and the bytes of ids, any of which may be absent."""
    found = [pack(">h", len(codes))]
    for code, value in zip(codes, values, strict=True):
        size = ABSENT if value is None else SIZES[code]
        found.append(pack(">i", size) if value is None else pack(">i" + code, size, value))
    return b"".join(found)


def layout(codes: Iterable[str], absent: int | None = None) -> str:
    """What ``struct`` makes a row of whose values are all there, each behind its size.

    :param absent: the place of the one value that is not.
    """
    sized = ("i" if place == absent else "i" + code for place, code in enumerate(codes))
    return ">h" + "".join(sized)


async def copy(connection: asyncpg.Connection, table: str, columns: Sequence[str], rows: Iterable[bytes]) -> None:
    """Add rows to a table of the schema ``inventory``.

    Many go in parts, so that the server takes one in while the next is made.
    """
    left = iter(rows)
    first = [SIGNATURE, *islice(left, PART)]
    source = _parts(first, left) if len(first) > PART else memoryview(b"".join([*first, END]))
    await connection.copy_to_table(table, schema_name="inventory", columns=columns, source=source, format="binary")


async def _parts(part: list[bytes], left: Iterator[bytes]) -> AsyncIterator[bytes]:
    while part:
        yield b"".join(part)
        await asyncio.sleep(0)
        part = list(islice(left, PART))
    yield END
