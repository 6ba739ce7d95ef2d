"""What is on its way to subscribers, and what becomes of deliveries that fail."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from core.kernel.outbox import Backlog
from core.kernel.paging import Page
from core.operations.api import (
    ChosenDeliveries,
    DeliveriesChanged,
    DeliveryState,
    DeliveryView,
    Seq,
    SubscriberName,
)
from core.operations.permissions import DELIVERIES, READ
from core.operations.usecases.decide_deliveries import DropDeliveries, ReplayDeliveries
from core.operations.usecases.read_deliveries import GetBacklog, GetDelivery, ListDeliveries
from entrypoints.http.operation import Call, NoQuery, Operation, PageQuery

Note = Annotated[str, Meta(max_length=500, pattern=r"^[^\u0000]*$", description="Why.")]
Why = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\u0000]*$", description="Why.")]


class DeliveriesQuery(PageQuery, frozen=True, gc=False):
    """Which deliveries; without a state all that are not done."""

    subscriber: SubscriberName | None = None
    state: DeliveryState | None = None


class DeliveryQuery(msgspec.Struct, frozen=True, gc=False):
    """Which delivery."""

    subscriber: SubscriberName
    seq: Seq


class ReplayRequest(ChosenDeliveries, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Deliveries that are to be given again."""

    note: Note = ""


class DropRequest(ChosenDeliveries, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Deliveries that are given up, and why."""

    note: Why


async def list_deliveries(deliveries: ListDeliveries, call: Call[DeliveriesQuery, None]) -> Page[DeliveryView]:
    """One page of deliveries."""
    query = call.query
    return await deliveries(
        call.actor, subscriber=query.subscriber, state=query.state, limit=query.limit, cursor=query.cursor
    )


async def read_delivery(get: GetDelivery, call: Call[DeliveryQuery, None]) -> DeliveryView:
    """One delivery."""
    return await get(call.actor, call.query.subscriber, call.query.seq)


async def read_backlog(get: GetBacklog, call: Call[NoQuery, None]) -> list[Backlog]:
    """What waits for each subscriber."""
    return await get(call.actor)


async def replay(again: ReplayDeliveries, call: Call[NoQuery, ReplayRequest]) -> DeliveriesChanged:
    """Give failed deliveries again."""
    return await again(call.actor, _chosen(call.body), note=call.body.note, request=call.request)


async def drop(give_up: DropDeliveries, call: Call[NoQuery, DropRequest]) -> DeliveriesChanged:
    """Give failed deliveries up."""
    return await give_up(call.actor, _chosen(call.body), note=call.body.note, request=call.request)


def _chosen(body: ChosenDeliveries) -> ChosenDeliveries:
    return ChosenDeliveries(subscriber=body.subscriber, seq=body.seq, name=body.name, error=body.error)


STUCK = DeliveryView(
    subscriber="kafka",
    seq=4711,
    id=UUID("01900000-0000-7000-8000-000000000001"),
    name="inventory.stock_adjusted",
    version=1,
    key="0d2f6c1e-6b1c-4b38-9c6c-0a5d5f0c0c01:0d2f6c1e-6b1c-4b38-9c6c-0a5d5f0c0c02",
    state=DeliveryState.DEAD,
    attempts=8,
    failed=True,
    error="MessageSizeTooLargeError: the broker refuses the message",
    due_at=datetime(2026, 1, 1, 12, 5, tzinfo=UTC),
    occurred_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
)
WHOLE = msgspec.structs.replace(STUCK, payload={"delta": 100, "reason": "opening_balance"})

OPERATIONS = (
    Operation(
        method="GET",
        path="/ops/backlog",
        tag="deliveries",
        summary="What waits for each subscriber",
        acts_on=GetBacklog,
        act=read_backlog,
        permission=READ,
        answer=list[Backlog],
        example=[Backlog("kafka", 3, STUCK.occurred_at, 1, 1, 2)],
    ),
    Operation(
        method="GET",
        path="/ops/deliveries",
        tag="deliveries",
        summary="List deliveries that are not done, the oldest first",
        acts_on=ListDeliveries,
        act=list_deliveries,
        permission=READ,
        query=DeliveriesQuery,
        answer=Page[DeliveryView],
        example=Page([STUCK]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="GET",
        path="/ops/deliveries/one",
        tag="deliveries",
        summary="Read a delivery with its fact",
        acts_on=GetDelivery,
        act=read_delivery,
        permission=READ,
        query=DeliveryQuery,
        answer=DeliveryView,
        example=WHOLE,
        errors=("operations.delivery_not_found",),
    ),
    Operation(
        method="POST",
        path="/ops/deliveries/replay",
        tag="deliveries",
        summary="Give failed deliveries again: one, or up to 500 dead ones of a subscriber",
        acts_on=ReplayDeliveries,
        act=replay,
        permission=DELIVERIES,
        answer=DeliveriesChanged,
        example=DeliveriesChanged(12, more=False),
        body=ReplayRequest,
        body_example=ReplayRequest(subscriber="kafka", error="MessageSizeTooLarge", note="the limit was raised"),
        errors=("operations.delivery_not_failed",),
        once=True,
    ),
    Operation(
        method="POST",
        path="/ops/deliveries/drop",
        tag="deliveries",
        summary="Give failed deliveries up: one, or up to 500 dead ones of a subscriber",
        acts_on=DropDeliveries,
        act=drop,
        permission=DELIVERIES,
        answer=DeliveriesChanged,
        example=DeliveriesChanged(1, more=False),
        body=DropRequest,
        body_example=DropRequest(subscriber="kafka", seq=4711, note="nobody needs it any more"),
        errors=("operations.delivery_not_failed",),
        once=True,
    ),
)
