"""Counting what lies in a warehouse."""

from typing import Annotated
from uuid import UUID

import msgspec

from core.inventory.api import Count, Counted, Note, StocktakeLine, StocktakeState, StocktakeView
from core.inventory.permissions import ADJUST, READ
from core.inventory.usecases.queries.stocktakes import GetStocktake, ListStocktakeLines, ListStocktakes
from core.inventory.usecases.take_stock import CancelStocktake, CloseStocktake, CountStock, OpenStocktake
from core.kernel.paging import Page
from entrypoints.http.inventory.examples import ITEM, LEFT_AT, PRODUCT, SOURCE
from entrypoints.http.operation import MANY_SECONDS, Call, NoQuery, Operation, PageQuery

LIST = "/api/v1/warehouse/stocktakes"
ONE = LIST + "/{stocktake_id}"


class StocktakeQuery(PageQuery, frozen=True, gc=False):
    """Which stocktakes; fields that are set must all hold."""

    warehouse_id: UUID | None = None
    state: StocktakeState | None = None


class StocktakeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which warehouse is counted."""

    warehouse_id: UUID
    note: Note = ""


class CountRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was counted, each product once."""

    lines: Annotated[list[Count], msgspec.Meta(min_length=1, max_length=1000)]


async def open_stocktake(begin: OpenStocktake, call: Call[NoQuery, StocktakeRequest]) -> StocktakeView:
    """Begin to count a warehouse."""
    return await begin(call.actor, call.body.warehouse_id, note=call.body.note, request=call.request)


async def list_stocktakes(stocktakes: ListStocktakes, call: Call[StocktakeQuery, None]) -> Page[StocktakeView]:
    """One page of stocktakes."""
    query = call.query
    return await stocktakes(
        call.actor, warehouse_id=query.warehouse_id, state=query.state, limit=query.limit, cursor=query.cursor
    )


async def read_stocktake(get: GetStocktake, call: Call[NoQuery, None]) -> StocktakeView:
    """One stocktake."""
    return await get(call.actor, call.ids["stocktake_id"])


async def list_stocktake_lines(lines: ListStocktakeLines, call: Call[PageQuery, None]) -> Page[StocktakeLine]:
    """One page of what was counted."""
    return await lines(call.actor, call.ids["stocktake_id"], limit=call.query.limit, cursor=call.query.cursor)


async def count_stock(count: CountStock, call: Call[NoQuery, CountRequest]) -> Counted:
    """Note what was counted."""
    return await count(
        call.actor, call.ids["stocktake_id"], call.body.lines, if_match=call.if_match, request=call.request
    )


async def close_stocktake(close: CloseStocktake, call: Call[NoQuery, None]) -> StocktakeView:
    """Set stock right by what was found."""
    return await close(call.actor, call.ids["stocktake_id"], if_match=call.if_match, request=call.request)


async def cancel_stocktake(cancel: CancelStocktake, call: Call[NoQuery, None]) -> StocktakeView:
    """Give a stocktake up."""
    return await cancel(call.actor, call.ids["stocktake_id"], if_match=call.if_match, request=call.request)


def example(state: StocktakeState, version: int, lines: int) -> StocktakeView:
    """A stocktake that found two pieces less of one product."""
    ended = None if state is StocktakeState.OPEN else LEFT_AT
    return StocktakeView(
        id=ITEM,
        warehouse_id=SOURCE,
        state=state,
        note="spring",
        version=version,
        lines=lines,
        surplus=0,
        shortage=2 * lines,
        opened_at=LEFT_AT,
        opened_by="api-key",
        ended_at=ended,
        ended_by=None if ended is None else "api-key",
    )


BEGUN, UNDER_WAY = example(StocktakeState.OPEN, 1, 0), example(StocktakeState.OPEN, 2, 1)
LINE = StocktakeLine(PRODUCT, 98, 100, -2, LEFT_AT, "api-key")
GONE = ("inventory.stocktake_not_found", "inventory.stocktake_ended")

OPERATIONS = (
    Operation(
        method="POST",
        path=LIST,
        tag="stocktakes",
        summary="Begin to count a warehouse",
        acts_on=OpenStocktake,
        act=open_stocktake,
        permission=ADJUST,
        status=201,
        answer=StocktakeView,
        example=BEGUN,
        body=StocktakeRequest,
        body_example=StocktakeRequest(SOURCE, "spring"),
        errors=("inventory.stocktake_already_open",),
        once=True,
    ),
    Operation(
        method="GET",
        path=LIST,
        tag="stocktakes",
        summary="List stocktakes, newest first",
        acts_on=ListStocktakes,
        act=list_stocktakes,
        permission=READ,
        query=StocktakeQuery,
        answer=Page[StocktakeView],
        example=Page([UNDER_WAY]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="GET",
        path=ONE,
        tag="stocktakes",
        summary="Read a stocktake",
        acts_on=GetStocktake,
        act=read_stocktake,
        permission=READ,
        answer=StocktakeView,
        example=UNDER_WAY,
        errors=("inventory.stocktake_not_found",),
        etag=True,
    ),
    Operation(
        method="GET",
        path=ONE + "/lines",
        tag="stocktakes",
        summary="List what was counted, with differences",
        acts_on=ListStocktakeLines,
        act=list_stocktake_lines,
        permission=READ,
        query=PageQuery,
        answer=Page[StocktakeLine],
        example=Page([LINE]),
        errors=("inventory.stocktake_not_found", "kernel.invalid_cursor"),
    ),
    Operation(
        method="POST",
        path=ONE + "/lines",
        tag="stocktakes",
        summary="Note what was counted, beside what the stock holds at this moment",
        acts_on=CountStock,
        act=count_stock,
        permission=ADJUST,
        answer=Counted,
        example=Counted(UNDER_WAY, [LINE]),
        body=CountRequest,
        body_example=CountRequest([Count(PRODUCT, 98)]),
        errors=(*GONE, "inventory.stocktake_full"),
        once=True,
        etag=True,
    ),
    Operation(
        method="POST",
        path=ONE + "/close",
        tag="stocktakes",
        summary="Close a stocktake: adjust every stock that differed, all or none",
        acts_on=CloseStocktake,
        act=close_stocktake,
        permission=ADJUST,
        answer=StocktakeView,
        example=example(StocktakeState.CLOSED, 3, 1),
        errors=(*GONE, "inventory.stocks_short"),
        once=True,
        etag=True,
        seconds=MANY_SECONDS,
    ),
    Operation(
        method="POST",
        path=ONE + "/cancel",
        tag="stocktakes",
        summary="Cancel a stocktake; no stock changes",
        acts_on=CancelStocktake,
        act=cancel_stocktake,
        permission=ADJUST,
        answer=StocktakeView,
        example=example(StocktakeState.CANCELLED, 3, 1),
        errors=GONE,
        once=True,
        etag=True,
    ),
)
