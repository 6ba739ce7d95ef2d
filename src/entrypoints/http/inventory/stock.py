"""Stock and the changes of it that are made by hand."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from core.inventory.api import (
    AdjustmentReason,
    AdjustmentView,
    Basis,
    Cause,
    Delta,
    LedgerEntry,
    Note,
    ReasonByHand,
    StockView,
    WarehouseView,
)
from core.inventory.permissions import ADJUST, READ
from core.inventory.usecases.adjust_stock import AdjustStock
from core.inventory.usecases.queries.stock import (
    GetStock,
    ListAdjustments,
    ListLedger,
    ListProducts,
    ListWarehouses,
)
from core.kernel.paging import Page
from entrypoints.http.inventory.examples import ITEM, LEFT_AT, MOVEMENT, PRODUCT, SOURCE
from entrypoints.http.inventory.movements import PlaceQuery
from entrypoints.http.operation import Call, NoQuery, Operation, PageQuery

AsOf = Annotated[
    datetime, msgspec.Meta(tz=True, description="A moment of the past, RFC 3339 with a zone; `+` is sent as `%2B`.")
]


class AdjustmentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of one stock."""

    warehouse_id: UUID
    product_id: UUID
    delta: Delta
    reason: ReasonByHand
    note: Note = ""


class StockQuery(msgspec.Struct, frozen=True, gc=False):
    """Which moment of a stock; without ``as_of`` it is now."""

    as_of: AsOf | None = None
    by: Annotated[
        Basis,
        msgspec.Meta(
            description="`event`: all that had happened by then, whenever recorded. `recorded`: as known then."
        ),
    ] = Basis.EVENT


async def read_stock(get: GetStock, call: Call[StockQuery, None]) -> StockView | msgspec.Raw:
    """One stock."""
    moment, basis = call.query.as_of, call.query.by
    if moment is None:
        return await get.encoded(call.actor, call.ids["warehouse_id"], call.ids["product_id"])
    return await get(call.actor, call.ids["warehouse_id"], call.ids["product_id"], as_of=moment, by=basis)


async def list_ledger(entries: ListLedger, call: Call[PageQuery, None]) -> Page[LedgerEntry]:
    """One page of what changed a stock."""
    query = call.query
    return await entries(
        call.actor, call.ids["warehouse_id"], call.ids["product_id"], limit=query.limit, cursor=query.cursor
    )


async def list_products(products: ListProducts, call: Call[PageQuery, None]) -> Page[StockView]:
    """One page of what lies in a warehouse."""
    return await products(call.actor, call.ids["warehouse_id"], limit=call.query.limit, cursor=call.query.cursor)


async def list_warehouses(warehouses: ListWarehouses, call: Call[PageQuery, None]) -> Page[WarehouseView]:
    """One page of warehouses."""
    return await warehouses(call.actor, limit=call.query.limit, cursor=call.query.cursor)


async def adjust(adjust_stock: AdjustStock, call: Call[NoQuery, AdjustmentRequest]) -> AdjustmentView:
    """Change one stock."""
    wanted = call.body
    return await adjust_stock(
        call.actor,
        warehouse_id=wanted.warehouse_id,
        product_id=wanted.product_id,
        delta=wanted.delta,
        reason=wanted.reason,
        note=wanted.note,
        request=call.request,
    )


async def list_adjustments(adjustments: ListAdjustments, call: Call[PlaceQuery, None]) -> Page[AdjustmentView]:
    """One page of changes by hand."""
    query = call.query
    return await adjustments(
        call.actor,
        warehouse_id=query.warehouse_id,
        product_id=query.product_id,
        limit=query.limit,
        cursor=query.cursor,
    )


EXAMPLE = AdjustmentView(
    id=ITEM,
    warehouse_id=SOURCE,
    product_id=PRODUCT,
    delta=100,
    balance_after=100,
    reason=AdjustmentReason.OPENING_BALANCE,
    note="first count",
    actor="api-key",
    created_at=LEFT_AT,
)

CHANGE = LedgerEntry(
    delta=-100,
    balance_after=0,
    occurred_at=LEFT_AT,
    recorded_at=LEFT_AT,
    cause=Cause.DEPARTURE,
    movement_id=MOVEMENT,
    adjustment_id=None,
)

OPERATIONS = (
    Operation(
        method="GET",
        path="/api/v1/warehouse/{warehouse_id}/products/{product_id}",
        tag="stock",
        summary="Read a stock as it is or was; an unknown pair holds 0",
        acts_on=GetStock,
        act=read_stock,
        permission=READ,
        query=StockQuery,
        answer=StockView,
        example=StockView(SOURCE, PRODUCT, 100),
    ),
    Operation(
        method="GET",
        path="/api/v1/warehouse/{warehouse_id}/products/{product_id}/ledger",
        tag="stock",
        summary="List what changed a stock, newest first",
        acts_on=ListLedger,
        act=list_ledger,
        permission=READ,
        query=PageQuery,
        answer=Page[LedgerEntry],
        example=Page([CHANGE]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="GET",
        path="/api/v1/warehouse/{warehouse_id}/products",
        tag="stock",
        summary="List what lies in a warehouse",
        acts_on=ListProducts,
        act=list_products,
        permission=READ,
        query=PageQuery,
        answer=Page[StockView],
        example=Page([StockView(SOURCE, PRODUCT, 100)]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="GET",
        path="/api/v1/warehouse",
        tag="stock",
        summary="List warehouses",
        acts_on=ListWarehouses,
        act=list_warehouses,
        permission=READ,
        query=PageQuery,
        answer=Page[WarehouseView],
        example=Page([WarehouseView(SOURCE, 1, 100)]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="POST",
        once=True,
        path="/api/v1/warehouse/adjustments",
        tag="adjustments",
        summary="Change a stock by hand, such as its opening balance",
        acts_on=AdjustStock,
        act=adjust,
        permission=ADJUST,
        status=201,
        answer=AdjustmentView,
        example=EXAMPLE,
        body=AdjustmentRequest,
        body_example=AdjustmentRequest(SOURCE, PRODUCT, 100, AdjustmentReason.OPENING_BALANCE, "first count"),
        errors=("inventory.nothing_to_adjust", "inventory.insufficient_stock"),
    ),
    Operation(
        method="GET",
        path="/api/v1/warehouse/adjustments",
        tag="adjustments",
        summary="List adjustments, newest first",
        acts_on=ListAdjustments,
        act=list_adjustments,
        permission=READ,
        query=PlaceQuery,
        answer=Page[AdjustmentView],
        example=Page([EXAMPLE]),
        errors=("kernel.invalid_cursor",),
    ),
)
