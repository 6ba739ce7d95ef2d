"""Goods that are under way for too long."""

from typing import Annotated

import msgspec

from core.inventory.api import InTransitView, TransitLimitView
from core.inventory.permissions import ADJUST, READ
from core.inventory.usecases.queries.transit import GetTransitLimit, ListOverdue
from core.inventory.usecases.watch_transit import SetTransitLimit
from core.kernel.paging import Page
from entrypoints.http.inventory.examples import LEFT_AT, MOVEMENT, PRODUCT, SOURCE
from entrypoints.http.operation import Call, NoQuery, Operation, PageQuery

PATH = "/api/v1/warehouse/{warehouse_id}/transit-limit"
MOST = 87_600

Hours = Annotated[int, msgspec.Meta(ge=1, le=MOST, description="Hours.")]


class TransitLimitRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long goods that left the warehouse may be under way; null for the default."""

    hours: Hours | None


async def list_overdue(overdue: ListOverdue, call: Call[PageQuery, None]) -> Page[InTransitView]:
    """One page of goods that are overdue."""
    return await overdue(call.actor, limit=call.query.limit, cursor=call.query.cursor)


async def read_limit(get: GetTransitLimit, call: Call[NoQuery, None]) -> TransitLimitView:
    """The limit of one warehouse."""
    return await get(call.actor, call.ids["warehouse_id"])


async def set_limit(change: SetTransitLimit, call: Call[NoQuery, TransitLimitRequest]) -> TransitLimitView:
    """Set the limit of one warehouse."""
    return await change(call.actor, call.ids["warehouse_id"], hours=call.body.hours, if_match=call.if_match)


OPERATIONS = (
    Operation(
        method="GET",
        path="/api/v1/warehouse/overdue",
        tag="in transit",
        summary="List goods that are under way for too long, the oldest departure first",
        acts_on=ListOverdue,
        act=list_overdue,
        permission=READ,
        query=PageQuery,
        answer=Page[InTransitView],
        example=Page([InTransitView(MOVEMENT, PRODUCT, SOURCE, 100, LEFT_AT)]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="GET",
        path=PATH,
        tag="in transit",
        summary="Read how long goods that left a warehouse may be under way",
        acts_on=GetTransitLimit,
        act=read_limit,
        permission=READ,
        answer=TransitLimitView,
        example=TransitLimitView(SOURCE, 72, is_default=True),
        etag=True,
    ),
    Operation(
        method="PUT",
        path=PATH,
        tag="in transit",
        summary="Say how long goods that left a warehouse may be under way",
        acts_on=SetTransitLimit,
        act=set_limit,
        permission=ADJUST,
        answer=TransitLimitView,
        example=TransitLimitView(SOURCE, 48, is_default=False),
        body=TransitLimitRequest,
        body_example=TransitLimitRequest(48),
        etag=True,
    ),
)
