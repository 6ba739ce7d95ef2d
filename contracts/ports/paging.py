"""What every list promises about its pages."""

import math
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from core.kernel.errors import InvalidCursor
from core.kernel.paging import Page, decode_cursor, encode_cursor

Read = Callable[[int, str | None], Awaitable[Page[Any]]]
ALL = 200
NONSENSE = ("", "!", "AAAA", "é", encode_cursor(None), encode_cursor({}), encode_cursor([]), "W10" * 1000)


async def walk(read: Read, limit: int) -> list[Any]:
    """All items, ``limit`` at a time; pages may be short, but only the last has no cursor."""
    items: list[Any] = []
    cursor = None
    for _ in range(10_000):
        page = await read(limit, cursor)
        assert len(page.items) <= limit
        items += page.items
        cursor = page.next_cursor
        if cursor is None:
            return items
    raise AssertionError("the list does not end")


async def hold_pages(read: Read, expected: list[Any]) -> None:
    """Check that a list shows the same whatever the size of its pages."""
    for limit in (1, 2, 3, len(expected) or 1, ALL):
        assert await walk(read, limit) == expected


async def first_cursor(read: Read) -> str:
    """A cursor of a list of two or more items."""
    page = await read(1, None)
    assert page.next_cursor is not None
    return page.next_cursor


async def refuse_nonsense(read: Read) -> None:
    """Check that a list takes no cursor but its own, whatever a client made of it."""
    for cursor in NONSENSE:
        with pytest.raises(InvalidCursor):
            await read(1, cursor)
    for forged in _forgeries(await first_cursor(read)):
        try:
            page = await read(1, forged)
        except InvalidCursor:
            continue
        assert isinstance(page, Page)


def _forgeries(cursor: str) -> list[str]:
    """Cursors of the right shape with values that no honest one has."""
    position = decode_cursor(cursor, object)
    strange = [0, -1, 2**31, 2**63, -(2**63) - 1, 2**70, math.pi, "", "\0", "x" * 10_000, None, True, [], {}]
    strange += ["00000000-0000-0000-0000-000000000000", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
    strange += ["2025-01-01T00:00:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"]
    return [encode_cursor(made) for value in strange for made in _with(position, value)]


def _with(position: object, value: object) -> list[object]:
    if isinstance(position, list):
        return [[*position[:n], value, *position[n + 1 :]] for n in range(len(position))]
    if isinstance(position, dict):
        return [{**position, name: value} for name in position]
    assert isinstance(position, msgspec.Raw | str | int | float)
    return [value]
