"""Take many messages at once from a sender who waits for the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from core.inventory.domain.envelope import KafkaWebhookRequest
from core.inventory.permissions import RECORD
from core.inventory.usecases.receive_message import WEBHOOK, Received, received, refusal
from core.inventory.usecases.record_messages import Answer, Message, RecordMessages
from core.kernel.actor import Actor
from core.kernel.errors import Kind, SotyError
from core.kernel.requests import RequestKey
from core.kernel.wire import decode

MOST = 1000
ERRORS_SHOWN = 10

BatchShape = Annotated[list[KafkaWebhookRequest], msgspec.Meta(min_length=1, max_length=MOST)]
"""What the sender may send."""

_ITEMS = msgspec.json.Decoder(Annotated[list[msgspec.Raw], msgspec.Meta(min_length=1, max_length=MOST)])


class Refused(msgspec.Struct, frozen=True):
    """Why one message was refused; ``errors`` are the first wrong fields."""

    code: str
    kind: Kind
    params: dict[str, Any]
    errors: list[dict[str, Any]]


class Results(msgspec.Struct, frozen=True):
    """What became of each message, in order: one of the two is null."""

    received: list[Received | None]
    refused: list[Refused | None]


@dataclass(frozen=True, slots=True)
class ReceiveBatch:
    """Apply many messages in one transaction; one that is refused holds up no other."""

    record: RecordMessages

    async def __call__(self, actor: Actor, raw: bytes, *, request: RequestKey | None = None) -> Results:
        """Take messages through the webhook, with the same result as one after another.

        :param raw: a JSON array of messages.
        :param request: makes the call happen once; what the refused messages are told is kept too.
        :raises Forbidden: the actor may not record.
        :raises NotJson: not one JSON text.
        :raises WrongFields: not an array, or one of none or too many.
        """
        actor.require(RECORD)
        items = decode(raw, _ITEMS)
        kept = None if request is None else _results
        messages = [Message(bytes(item), WEBHOOK) for item in items]
        return _results(await self.record(actor, messages, request=request, kept=kept))


def _results(answers: Sequence[Answer]) -> Results:
    refusals = [refusal(answer) for answer in answers]
    return Results(
        [received(answer) if error is None else None for answer, error in zip(answers, refusals, strict=True)],
        [None if error is None else _refused(error) for error in refusals],
    )


def _refused(error: SotyError) -> Refused:
    return Refused(error.code, error.kind, error.params, getattr(error, "errors", [])[:ERRORS_SHOWN])
