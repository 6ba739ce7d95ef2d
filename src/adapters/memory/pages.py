"""Cutting sorted rows into pages; a position is a tagged Struct, so that another list's cursor is not taken for it."""

from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

import msgspec

from core.kernel.paging import Page, decode_cursor, encode_cursor

T = TypeVar("T")
P = TypeVar("P", bound=msgspec.Struct)


def after(cursor: str | None, shape: type[P]) -> P | None:
    """The position that a page follows, None for the first page.

    :raises InvalidCursor: not a cursor of this list.
    """
    return None if cursor is None else decode_cursor(cursor, shape)


def page(rows: Iterable[tuple[msgspec.Struct, T]], limit: int) -> Page[T]:
    """The first items of rows, with a cursor when more follow.

    :param rows: items with their positions, in the order of the list.
    """
    found = list(islice(rows, limit + 1))
    items = [item for _, item in found[:limit]]
    return Page(items, encode_cursor(found[limit - 1][0]) if len(found) > limit else None)
