"""The door for messages of warehouses that do not speak Kafka."""

from typing import Literal
from uuid import UUID

import msgspec

from core.inventory.permissions import RECORD
from core.inventory.usecases.receive_message import Received, ReceiveMessage, RequestShape
from entrypoints.http.inventory.examples import DEPARTURE, ENVELOPE, MOVEMENT
from entrypoints.http.operation import Call, NoQuery, Operation
from entrypoints.http.problems import WEBHOOK

_DECODER = msgspec.json.Decoder(Received)


class Details(msgspec.Struct, frozen=True, gc=False):
    """``duplicate`` is true when the message had been applied before and changed nothing now."""

    duplicate: bool


class Processed(msgspec.Struct, frozen=True, gc=False):
    """The message counts; ``message_id`` is the envelope's id, null when it had none."""

    status: Literal["processed"]
    message_id: UUID | None
    movement_id: UUID
    details: Details


async def receive(take: ReceiveMessage, call: Call[NoQuery, bytes]) -> Processed:
    """Take one message and answer when its effect is durable."""
    return processed(await take(call.actor, call.body, request=call.request))


def again(kept: bytes, _: str) -> Processed:
    """The answer to a message that was taken by an earlier request with the same key.

    :param kept: what was kept then.
    """
    return processed(_DECODER.decode(kept))


def processed(received: Received) -> Processed:
    """What the sender of a message that counts is told."""
    return Processed("processed", received.message_id, received.movement_id, Details(received.duplicate))


OPERATIONS = (
    Operation(
        method="POST",
        once=True,
        signed=True,
        kept=again,
        path=WEBHOOK,
        tag="movements",
        summary="Take one message of a warehouse",
        acts_on=ReceiveMessage,
        act=receive,
        permission=RECORD,
        answer=Processed,
        example=Processed("processed", ENVELOPE, MOVEMENT, Details(duplicate=False)),
        body=bytes,
        body_shape=RequestShape,
        body_example=DEPARTURE,
        errors=(
            "kernel.doubled_key",
            "inventory.subject_mismatch",
            "inventory.unsupported_schema",
            "inventory.insufficient_stock",
            "inventory.conflicting_message",
        ),
    ),
)
