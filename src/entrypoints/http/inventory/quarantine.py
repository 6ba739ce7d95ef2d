"""Messages that were not applied, and what becomes of them."""

from typing import Annotated

import msgspec

from core.inventory.api import (
    BulkResult,
    Discarded,
    Door,
    Note,
    Origin,
    Outcome,
    QuarantineState,
    QuarantineView,
    Reason,
    Verdict,
)
from core.inventory.permissions import QUARANTINE
from core.inventory.usecases.decide_quarantine import DiscardQuarantined, RetryQuarantined
from core.inventory.usecases.queries.quarantine import GetQuarantineItem, ListQuarantine
from core.kernel.paging import Page
from entrypoints.http.inventory.examples import ARRIVED_AT, ITEM, LEFT_AT, MOVEMENT
from entrypoints.http.operation import Call, NoQuery, Operation, PageQuery

LIST = "/api/v1/warehouse/quarantine"

Why = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"^[^\u0000]*$", description="Why.")]


class QuarantineQuery(PageQuery, frozen=True, gc=False):
    """Which messages; without a state all of them."""

    state: QuarantineState | None = None
    reason: Reason | None = None


class RetryRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A retry of one message."""

    note: Note = ""


class DiscardRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why one message is given up."""

    note: Why


class BulkRetryRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A retry of the oldest open messages of a reason."""

    reason: Reason
    note: Note = ""


class BulkDiscardRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the oldest open messages of a reason are given up."""

    reason: Reason
    note: Why


async def list_items(items: ListQuarantine, call: Call[QuarantineQuery, None]) -> Page[QuarantineView]:
    """One page of quarantined messages."""
    query = call.query
    return await items(call.actor, state=query.state, reason=query.reason, limit=query.limit, cursor=query.cursor)


async def read_item(get: GetQuarantineItem, call: Call[NoQuery, None]) -> QuarantineView:
    """One quarantined message."""
    return await get(call.actor, call.ids["item_id"])


async def retry(again: RetryQuarantined, call: Call[NoQuery, RetryRequest]) -> Verdict:
    """Judge one message anew."""
    return await again(call.actor, call.ids["item_id"], note=call.body.note, request=call.request)


async def discard(give_up: DiscardQuarantined, call: Call[NoQuery, DiscardRequest]) -> Discarded:
    """Give one message up."""
    return await give_up(call.actor, call.ids["item_id"], note=call.body.note, request=call.request)


async def retry_many(again: RetryQuarantined, call: Call[NoQuery, BulkRetryRequest]) -> BulkResult:
    """Judge messages of a reason anew."""
    return await again.bulk(call.actor, call.body.reason, note=call.body.note, request=call.request)


async def discard_many(give_up: DiscardQuarantined, call: Call[NoQuery, BulkDiscardRequest]) -> BulkResult:
    """Give messages of a reason up."""
    return await give_up.bulk(call.actor, call.body.reason, note=call.body.note, request=call.request)


EXAMPLE = QuarantineView(
    id=ITEM,
    reason="insufficient_stock",
    state=QuarantineState.OPEN,
    origin=Origin(Door.WEBHOOK),
    movement_id=MOVEMENT,
    details={"deficiency": 100},
    times=1,
    first_seen=LEFT_AT,
    last_seen=ARRIVED_AT,
    closed_by=None,
    note=None,
    raw="e30=",
    text="{}",
)

OPERATIONS = (
    Operation(
        method="GET",
        path=LIST,
        tag="quarantine",
        summary="List quarantined messages, newest first",
        acts_on=ListQuarantine,
        act=list_items,
        permission=QUARANTINE,
        query=QuarantineQuery,
        answer=Page[QuarantineView],
        example=Page([EXAMPLE]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="GET",
        path=LIST + "/{item_id}",
        tag="quarantine",
        summary="Read a quarantined message with its bytes",
        acts_on=GetQuarantineItem,
        act=read_item,
        permission=QUARANTINE,
        answer=QuarantineView,
        example=EXAMPLE,
        errors=("inventory.quarantine_item_not_found",),
    ),
    Operation(
        method="POST",
        once=True,
        path=LIST + "/{item_id}/retry",
        tag="quarantine",
        summary="Judge a quarantined message anew",
        acts_on=RetryQuarantined,
        act=retry,
        permission=QUARANTINE,
        answer=Verdict,
        example=Verdict(Outcome.APPLIED),
        body=RetryRequest,
        body_example=RetryRequest("stock was counted"),
        errors=("inventory.quarantine_item_not_found", "inventory.quarantine_item_closed"),
    ),
    Operation(
        method="POST",
        once=True,
        path=LIST + "/{item_id}/discard",
        tag="quarantine",
        summary="Give a quarantined message up",
        acts_on=DiscardQuarantined,
        act=discard,
        permission=QUARANTINE,
        answer=Discarded,
        example=Discarded(QuarantineState.DISCARDED),
        body=DiscardRequest,
        body_example=DiscardRequest("sent by mistake"),
        errors=("inventory.quarantine_item_not_found", "inventory.quarantine_item_closed"),
    ),
    Operation(
        method="POST",
        once=True,
        path=LIST + "/retry",
        tag="quarantine",
        summary="Judge up to 500 open messages of a reason anew, the oldest first",
        acts_on=RetryQuarantined,
        act=retry_many,
        permission=QUARANTINE,
        answer=BulkResult,
        example=BulkResult(2, 1, more=False),
        body=BulkRetryRequest,
        body_example=BulkRetryRequest(Reason.INSUFFICIENT_STOCK, "stock was counted"),
    ),
    Operation(
        method="POST",
        once=True,
        path=LIST + "/discard",
        tag="quarantine",
        summary="Give up to 500 open messages of a reason up, the oldest first",
        acts_on=DiscardQuarantined,
        act=discard_many,
        permission=QUARANTINE,
        answer=BulkResult,
        example=BulkResult(3, 0, more=False),
        body=BulkDiscardRequest,
        body_example=BulkDiscardRequest(Reason.NOT_JSON, "a broken sender, mended since"),
    ),
)
