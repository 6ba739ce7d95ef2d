"""The message that warehouses send: a CloudEvents 1.0 envelope around one half of a movement."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from core.inventory.domain.errors import Unreadable
from core.inventory.domain.movement import Half, MovementEvent, Reason
from core.kernel.wire import DoubledKey, NotJson, WrongFields, decode, parse

EVENT_TYPE = "ru.retail.warehouses.movement"
SCHEMA = re.compile(r"(?:.*\.)?v1\.\d+")
_COLONS_OF_UTC = 2
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

Source = Annotated[
    str,
    Meta(
        pattern="^WH-[0-9]{4}$",
        min_length=7,
        max_length=7,
        description="The sending warehouse system.",
        examples=["WH-3423"],
    ),
]
Quantity = Annotated[int, Meta(ge=1, le=1_000_000_000, description="Pieces that moved.", examples=[100])]
Timestamp = Annotated[
    datetime, Meta(tz=True, description="When it happened, with a zone.", examples=["2025-02-18T12:12:56Z"])
]
SentAt = Annotated[
    int | Annotated[datetime, Meta(tz=True)] | None,
    Meta(description="When the message was made: epoch milliseconds or RFC 3339.", examples=[1737439421623]),
]


class MovementData(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One half of a movement."""

    movement_id: UUID
    warehouse_id: UUID
    timestamp: Timestamp
    event: Half
    product_id: UUID
    quantity: Quantity


class KafkaWebhookRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The envelope through the webhook: only ``data`` is needed, what else is present is checked."""

    data: MovementData
    id: UUID | None = None
    source: Source | None = None
    specversion: Literal["1.0"] | None = None
    type: Literal["ru.retail.warehouses.movement"] | None = None
    time: SentAt = None
    subject: str | None = None
    datacontenttype: Literal["application/json"] | None = None
    dataschema: str | None = None
    destination: str | None = None


class KafkaEnvelope(KafkaWebhookRequest, frozen=True, gc=False, kw_only=True):
    """The envelope on Kafka: the attributes that CloudEvents requires are required."""

    id: UUID
    source: Source
    specversion: Literal["1.0"]
    type: Literal["ru.retail.warehouses.movement"]


_STRICT = msgspec.json.Decoder(KafkaEnvelope)
_LIBERAL = msgspec.json.Decoder(KafkaWebhookRequest)
_optional = attrgetter("specversion", "type", "time", "subject", "datacontenttype", "dataschema", "destination")
_MOST = len(MovementData.__struct_fields__) + len(KafkaWebhookRequest.__struct_fields__) + _COLONS_OF_UTC
_SUFFIXES = {half: f":{half.value.upper()}" for half in Half}
_REASONS = {NotJson: Reason.NOT_JSON, DoubledKey: Reason.DOUBLED_KEY, WrongFields: Reason.WRONG_FIELDS}


def read_envelope(raw: bytes | None, *, strict: bool) -> MovementEvent:
    """Read one message.

    :param raw: the bytes as they came; None is Kafka's tombstone.
    :param strict: whether the attributes that CloudEvents requires must be there, as on Kafka.
    :raises Unreadable: with the reason, and for wrong fields with every one of them.
    """
    if raw is None:
        raise Unreadable(Reason.TOMBSTONE)
    try:
        envelope = decode(raw, _STRICT) if strict else decode(raw, _LIBERAL)
        if not _plainly_unique(raw, envelope):
            parse(raw)
    except (NotJson, DoubledKey, WrongFields) as error:
        raise Unreadable(_REASONS[type(error)], error) from error
    return to_event(envelope)


def to_event(envelope: KafkaWebhookRequest) -> MovementEvent:
    """The event inside an envelope whose shape is right.

    :raises Unreadable: the subject names another event, the schema is another major version, or the time is absurd.
    """
    data = envelope.data
    source = envelope.source
    if envelope.subject is not None and not _agrees(envelope.subject, source, data.event):
        raise Unreadable(Reason.SUBJECT_MISMATCH)
    if envelope.dataschema is not None and not _supports(envelope.dataschema):
        raise Unreadable(Reason.UNSUPPORTED_SCHEMA)
    if not EARLIEST <= data.timestamp < LATEST:
        errors = [
            {"field": "/data/timestamp", "code": "out_of_range", "params": {"min": "1970-01-01", "max": "2199-12-31"}}
        ]
        raise Unreadable(Reason.WRONG_FIELDS, WrongFields(errors))
    return MovementEvent(
        data.movement_id,
        data.event,
        data.warehouse_id,
        data.product_id,
        data.quantity,
        data.timestamp if data.timestamp.tzinfo is UTC else data.timestamp.astimezone(UTC),
        None if source is None else int(source[3:]),
        envelope.id,
    )


@lru_cache(maxsize=64)
def _supports(schema: str) -> bool:
    return SCHEMA.fullmatch(schema) is not None


def _agrees(subject: str, source: str | None, half: Half) -> bool:
    suffix = _SUFFIXES[half]
    return subject.endswith(suffix) if source is None else subject == source + suffix


def _plainly_unique(raw: bytes, envelope: KafkaWebhookRequest) -> bool:
    """Whether counting colons already proves that no name stands twice; False only means that a parse must tell.

    Without escapes every colon is one of a member, one inside the subject, or one of the two of a UTC timestamp;
    a doubled member would add at least one.
    """
    if b"\\" in raw or envelope.id is None or envelope.source is None or type(envelope.time) is datetime:
        return False
    subject = envelope.subject
    absent = _optional(envelope).count(None)
    return raw.count(b":") == _MOST - absent + (0 if subject is None else subject.count(":"))
