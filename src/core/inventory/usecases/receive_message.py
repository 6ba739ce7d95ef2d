"""Take one message from a sender who waits for the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from core.inventory.api import Door, Origin, Outcome, Reason, Verdict
from core.inventory.domain.envelope import KafkaEnvelope, KafkaWebhookRequest
from core.inventory.domain.errors import (
    ConflictingMessage,
    InsufficientStock,
    SubjectMismatch,
    Unreadable,
    UnsupportedSchema,
)
from core.inventory.domain.movement import MovementEvent
from core.inventory.usecases.record_messages import Answer, Message, RecordMessages
from core.kernel.actor import Actor
from core.kernel.errors import SotyError
from core.kernel.requests import RequestKey

RequestShape = KafkaWebhookRequest
"""What the sender may send."""

MessageShape = KafkaEnvelope
"""What warehouses send through Kafka."""

WEBHOOK = Origin(Door.WEBHOOK)
"""Where the messages of senders who wait come from."""


class Received(msgspec.Struct, frozen=True, gc=False):
    """A message that counts; ``duplicate`` when it did so before."""

    message_id: UUID | None
    movement_id: UUID
    duplicate: bool


@dataclass(frozen=True, slots=True)
class ReceiveMessage:
    """Apply one message and tell its sender the result, or why it was refused."""

    record: RecordMessages

    async def __call__(self, actor: Actor, raw: bytes, *, request: RequestKey | None = None) -> Received:
        """Take one message through the webhook.

        :param raw: the bytes as they came.
        :param request: makes the call happen once; a refusal is not kept, so that the message may be sent again.
        :raises NotJson: not JSON, not UTF-8, or too deep.
        :raises DoubledKey: an object has one name twice.
        :raises WrongFields: JSON of another shape, with every wrong field.
        :raises SubjectMismatch: the subject names another event; kept in quarantine.
        :raises UnsupportedSchema: another major version; kept in quarantine.
        :raises InsufficientStock: the stock does not cover the departure; kept in quarantine.
        :raises ConflictingMessage: it contradicts what was kept before; kept in quarantine.
        """
        kept = None if request is None else _kept
        (answer,) = await self.record(actor, [Message(raw, WEBHOOK)], request=request, kept=kept)
        if (refused := refusal(answer)) is not None:
            raise refused from answer.problem
        return received(answer)

    async def together(self, actor: Actor, raws: Sequence[bytes]) -> list[Received | SotyError]:
        """Take messages in one transaction, with the same result as one after another.

        :returns: what each of them would have been told alone.
        """
        answers = await self.record(actor, [Message(raw, WEBHOOK) for raw in raws])
        return [refusal(answer) or received(answer) for answer in answers]


def refusal(answer: Answer) -> SotyError | None:
    """Why a message was refused; None when it counts."""
    if answer.problem is not None:
        return _unreadable(answer.problem)
    if answer.verdict.reason is None:
        return None
    assert answer.event is not None
    return _refused(answer.event, answer.verdict)


def received(answer: Answer) -> Received:
    """What the sender of a message that counts is told."""
    event = answer.event
    assert event is not None
    return Received(event.envelope_id, event.movement_id, answer.verdict.outcome is Outcome.DUPLICATE)


def _kept(answers: Sequence[Answer]) -> Received | None:
    (answer,) = answers
    return None if refusal(answer) is not None else received(answer)


def _unreadable(problem: Unreadable) -> SotyError:
    if problem.reason is Reason.SUBJECT_MISMATCH:
        return SubjectMismatch()
    if problem.reason is Reason.UNSUPPORTED_SCHEMA:
        return UnsupportedSchema()
    assert problem.cause is not None
    return problem.cause


def _refused(event: MovementEvent, verdict: Verdict) -> SotyError:
    movement = str(event.movement_id)
    if verdict.reason is Reason.INSUFFICIENT_STOCK:
        return InsufficientStock(
            movement_id=movement,
            warehouse_id=str(event.warehouse_id),
            product_id=str(event.product_id),
            deficiency=verdict.deficiency,
        )
    return ConflictingMessage(movement_id=movement, reason=str(verdict.reason))
