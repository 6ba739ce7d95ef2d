"""Fields of forms as browsers send them: with addresses, as pairs, and with files as parts."""

from collections.abc import Mapping
from io import BytesIO
from typing import NamedTuple
from urllib.parse import parse_qsl

from litestar.types import Receive, Scope
from multipart import MultipartError, MultipartParser, parse_options_header

from entrypoints.http.reading import MAX_BODY, header, read_body

_FIELDS = 60


class Sent(NamedTuple):
    """What somebody typed, and the files that it chose, by the names of fields."""

    typed: Mapping[str, str]
    files: Mapping[str, bytes]


NOTHING_SENT = Sent({}, {})


def pairs(text: bytes) -> dict[str, str]:
    """Fields of a query or a form; none when they cannot be read."""
    try:
        return dict(parse_qsl(text.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_FIELDS))
    except ValueError:
        return {}


async def sent_fields(scope: Scope, receive: Receive, most: int = MAX_BODY) -> Sent:
    """Fields of the body; none when they cannot be read.

    :param most: bytes that it may have.
    :raises BodyTooLargeError: it is larger.
    """
    raw = await read_body(scope, receive, most)
    media, options = parse_options_header((header(scope, b"content-type") or b"").decode("latin-1"))
    if media != "multipart/form-data":
        return Sent(pairs(raw), {})
    try:
        parts = list(MultipartParser(BytesIO(raw), options.get("boundary", ""), part_limit=_FIELDS))
    except MultipartError:
        return NOTHING_SENT
    typed = {part.name: part.value for part in parts if part.filename is None}
    return Sent(typed, {part.name: part.raw for part in parts if part.filename is not None})
