"""The door for many messages at once."""

from typing import Any

import msgspec

from core.inventory.permissions import RECORD
from core.inventory.usecases.receive_batch import BatchShape, ReceiveBatch, Refused, Results
from entrypoints.http.errors import status_of_code
from entrypoints.http.inventory.examples import DEPARTURE, ENVELOPE, MOVEMENT
from entrypoints.http.inventory.webhook import Details, Processed, processed
from entrypoints.http.operation import Call, NoQuery, Operation
from entrypoints.http.problems import WEBHOOK, FieldProblem, field_problems
from entrypoints.shared.texts import error_text

_DECODER = msgspec.json.Decoder(Results)


class ItemProblem(msgspec.Struct, frozen=True):
    """Why one message was refused; ``errors`` shows at most 10 fields."""

    code: str
    title: str
    detail: str
    context: dict[str, Any]
    errors: list[FieldProblem]


class Item(msgspec.Struct, frozen=True):
    """What became of one message: the status that it would have had alone, and either its answer or its problem."""

    status: int
    answer: Processed | None
    problem: ItemProblem | None


class Batch(msgspec.Struct, frozen=True):
    """What became of the messages, in their order."""

    processed: int
    refused: int
    items: list[Item]


async def receive_batch(take: ReceiveBatch, call: Call[NoQuery, bytes]) -> Batch:
    """Take messages in one transaction and answer when their effects are durable."""
    return _batch(await take(call.actor, call.body, request=call.request), call.language)


def again(kept: bytes, language: str) -> Batch:
    """The answer to messages that were taken by an earlier request with the same key.

    :param kept: what was kept then.
    :param language: of the texts.
    """
    return _batch(_DECODER.decode(kept), language)


def _batch(results: Results, language: str) -> Batch:
    items = [
        Item(200, processed(received), None) if received is not None else _refusal(refused, language)
        for received, refused in zip(results.received, results.refused, strict=True)
    ]
    count = sum(item.problem is None for item in items)
    return Batch(count, len(items) - count, items)


def _refusal(refused: Refused | None, language: str) -> Item:
    assert refused is not None
    text = error_text(language, refused.code, refused.params)
    problem = ItemProblem(
        refused.code, text.title, text.detail, dict(refused.params), field_problems(refused.errors, language)
    )
    return Item(status_of_code(refused.code, refused.kind), None, problem)


OPERATIONS = (
    Operation(
        method="POST",
        path=WEBHOOK + "/batch",
        tag="movements",
        summary="Take up to 1000 messages of warehouses in one transaction",
        acts_on=ReceiveBatch,
        act=receive_batch,
        permission=RECORD,
        status=207,
        answer=Batch,
        example=Batch(1, 0, [Item(200, Processed("processed", ENVELOPE, MOVEMENT, Details(duplicate=False)), None)]),
        body=bytes,
        body_shape=BatchShape,
        body_example=[DEPARTURE],
        localized=True,
        once=True,
        signed=True,
        kept=again,
    ),
)
