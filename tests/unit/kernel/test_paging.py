"""Cursors."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import InvalidCursor
from core.kernel.paging import decode_cursor, encode_cursor

Position: Any = tuple[datetime, UUID, int]
POSITION = (datetime(2025, 2, 18, 12, tzinfo=UTC), UUID(int=7), -3)


def test_a_position_comes_back() -> None:
    assert decode_cursor(encode_cursor(POSITION), Position) == POSITION


def test_a_cursor_is_fit_for_an_address() -> None:
    assert encode_cursor(POSITION).isascii()
    assert not set(encode_cursor(POSITION)) & set("+/=&?# ")


@pytest.mark.parametrize(
    "cursor", ["", "x", "abc", "!!!!", "é", "\ud800", "a" * 100_000, encode_cursor(5), encode_cursor("x")]
)
def test_another_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor) as caught:
        decode_cursor(cursor, Position)
    assert len(str(caught.value.params["cursor"])) <= 64


@given(cursor=st.text())
def test_any_text_is_refused_or_a_position(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(cursor, Position)
