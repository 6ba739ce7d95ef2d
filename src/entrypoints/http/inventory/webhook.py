"""The door for messages of warehouses that do not speak Kafka."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from core.inventory.permissions import RECORD
from core.inventory.usecases.receive_message import Received, ReceiveMessage, RequestShape
from core.kernel.actor import Actor
from core.kernel.errors import SotyError
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


class WebhookDoor:
    """Takes the messages of senders who wait; those that come while a transaction is under way share the next one."""

    def __init__(self, take: ReceiveMessage) -> None:
        self._take = take
        self._together: Together[tuple[Actor, bytes], Received | Exception] = Together(self._take_all)

    async def take(self, call: Call[NoQuery, bytes]) -> Received:
        """Take one message; one that makes us fail fails no other.

        :raises SotyError: it is refused, or nothing can be kept now.
        """
        if call.request is not None:
            return await self._take(call.actor, call.body, request=call.request)
        told = await self._together((call.actor, call.body))
        if isinstance(told, Exception):
            raise told
        return told

    async def _take_all(self, asked: Sequence[tuple[Actor, bytes]]) -> Sequence[Received | Exception]:
        """Take messages of senders each of whom may record, since the operation asks that first."""
        try:
            return await self._take.together(asked[0][0], [raw for _, raw in asked])
        except SotyError:
            raise
        except Exception:
            return [await self._alone(actor, raw) for actor, raw in asked]

    async def _alone(self, actor: Actor, raw: bytes) -> Received | Exception:
        try:
            return await self._take(actor, raw)
        except Exception as error:  # it is its sender's
            return error


async def receive(door: WebhookDoor, call: Call[NoQuery, bytes]) -> Processed:
    """Take one message and answer when its effect is durable."""
    return processed(await door.take(call))


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
        acts_on=WebhookDoor,
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
