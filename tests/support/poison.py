"""Messages that cannot be applied, each with the reason that quarantine must give."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import msgspec

from core.inventory.api import Reason
from core.inventory.domain.movement import MovementEvent
from tests.support.events import message_of

Changes = dict[str, Any]


def changed(event: MovementEvent, changes: Changes | None = None, data: Changes | None = None) -> bytes:
    """The message of an event with other members; None takes a member out."""
    envelope: dict[str, Any] = msgspec.json.decode(message_of(event))
    envelope["data"] |= data or {}
    envelope |= changes or {}
    return msgspec.json.encode({name: value for name, value in envelope.items() if value is not None})


def _doubled(event: MovementEvent) -> bytes:
    return message_of(event).replace(b'"quantity":', b'"quantity":1,"quantity":')


def _quantity(text: bytes) -> Callable[[MovementEvent], bytes]:
    return lambda event: message_of(event).replace(b'"quantity":%d' % event.quantity, b'"quantity":' + text)


UNREADABLE: dict[str, tuple[Reason, Callable[[MovementEvent], bytes | None]]] = {
    "tombstone": (Reason.TOMBSTONE, lambda _: None),
    "empty": (Reason.NOT_JSON, lambda _: b""),
    "bad UTF-8": (Reason.NOT_JSON, lambda event: message_of(event).replace(b"retail", b"ret\xffil")),
    "not JSON": (Reason.NOT_JSON, lambda event: message_of(event)[:-1]),
    "5000 levels": (Reason.NOT_JSON, lambda _: b"[" * 5000 + b"]" * 5000),
    "JSON array": (Reason.WRONG_FIELDS, lambda event: b"[" + message_of(event) + b"]"),
    "doubled key": (Reason.DOUBLED_KEY, _doubled),
    "lacks its id": (Reason.WRONG_FIELDS, lambda event: changed(event, {"id": None})),
    "foreign field": (Reason.WRONG_FIELDS, lambda event: changed(event, data={"price": 1})),
    "NUL in a field": (Reason.WRONG_FIELDS, lambda event: changed(event, {"source": "WH-\0001"})),
    "lone surrogate": (Reason.NOT_JSON, lambda event: message_of(event).replace(b'"WH-', b'"\\ud800-', 1)),
    "naive timestamp": (Reason.WRONG_FIELDS, lambda event: changed(event, data={"timestamp": "2025-02-18T12:12:56"})),
    "bool quantity": (Reason.WRONG_FIELDS, _quantity(b"true")),
    "float quantity": (Reason.WRONG_FIELDS, _quantity(b"1.0")),
    "huge quantity": (Reason.WRONG_FIELDS, _quantity(b"1" + b"0" * 40)),
    "subject of another event": (
        Reason.SUBJECT_MISMATCH,
        lambda event: changed(event, {"subject": "WH-0000:DEPARTURE"}),
    ),
    "unknown schema": (Reason.UNSUPPORTED_SCHEMA, lambda event: changed(event, {"dataschema": "x.v2.0"})),
}
"""By a name: the reason, and the message made of a good arrival."""


CONTRADICTING: dict[str, tuple[Reason, Callable[[MovementEvent], bytes | None]]] = {
    "other quantity": (Reason.CONFLICTING_MESSAGE, lambda event: changed(event, data={"quantity": event.quantity + 1})),
    "same envelope": (Reason.CONFLICTING_ENVELOPE, lambda event: changed(event, data={"movement_id": str(uuid4())})),
}
"""The same of an arrival that was applied before."""
