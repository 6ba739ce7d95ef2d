"""The door for messages of warehouses that do not speak Kafka."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal
from uuid import UUID

import msgspec

from core.inventory.permissions import RECORD
from core.inventory.usecases.receive_message import Received, ReceiveMessage, RequestShape
from core.kernel.actor import Actor
from core.kernel.errors import SotyError
from core.kernel.requests import RequestKey
from entrypoints.http.inventory.examples import DEPARTURE, ENVELOPE, MOVEMENT
from entrypoints.http.operation import Call, NoQuery, Operation
from entrypoints.http.problems import WEBHOOK
from entrypoints.http.together import Together

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


@dataclass(frozen=True, slots=True)
class ReceiveTogether(ReceiveMessage):
    """Takes messages that come while a transaction is under way in the next one, together."""

    gathered: Together[tuple[Actor, bytes], Received | Exception]

    async def __call__(self, actor: Actor, raw: bytes, *, request: RequestKey | None = None) -> Received:
        """Take one message; one that makes us fail fails no other."""
        if request is not None:
            return await ReceiveMessage.__call__(self, actor, raw, request=request)
        actor.require(RECORD)
        told = await self.gathered((actor, raw))
        if isinstance(told, Exception):
            raise told
        return told


def receive_together(take: ReceiveMessage) -> ReceiveTogether:
    """The same, for many senders at once."""
    return ReceiveTogether(take.record, Together(partial(_take_all, take)))


async def _take_all(take: ReceiveMessage, asked: Sequence[tuple[Actor, bytes]]) -> Sequence[Received | Exception]:
    """Take messages of actors all of whom may record."""
    try:
        return await take.together(asked[0][0], [raw for _, raw in asked])
    except SotyError:
        raise
    except Exception:
        return [await _alone(take, actor, raw) for actor, raw in asked]


async def _alone(take: ReceiveMessage, actor: Actor, raw: bytes) -> Received | Exception:
    try:
        return await take(actor, raw)
    except Exception as error:  # it is its sender's
        return error


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
