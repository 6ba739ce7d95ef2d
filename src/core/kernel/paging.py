"""Pages of lists by an opaque cursor."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Generic, TypeVar

import msgspec

from core.kernel.errors import InvalidCursor

T = TypeVar("T")
P = TypeVar("P")

Limit = Annotated[int, msgspec.Meta(ge=1, le=200, description="Items in a page, 1 to 200.")]


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list; ``next_cursor`` is null on the last page.

    A page may hold fewer items than asked for although more follow: only a null cursor ends the list.
    """

    items: list[T]
    next_cursor: str | None = None


def encode_cursor(position: object) -> str:
    """Turn a position, any value msgspec can encode, into an opaque cursor."""
    return urlsafe_b64encode(msgspec.json.encode(position)).rstrip(b"=").decode()


def decode_cursor(cursor: str, shape: type[P]) -> P:
    """Read a position back.

    :param shape: the type the position had when it was encoded.
    :raises InvalidCursor: not a cursor of this list.
    """
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=shape)
    except (binascii.Error, UnicodeError, msgspec.DecodeError, ValueError) as error:
        raise InvalidCursor(cursor=cursor[:64]) from error
