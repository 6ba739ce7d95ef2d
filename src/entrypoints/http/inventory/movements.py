"""Movements and goods in transit."""

from typing import Annotated
from uuid import UUID

import msgspec

from core.inventory.api import InTransitTotal, InTransitView, MovementFlag, MovementStatus, MovementView, Variance
from core.inventory.permissions import READ
from core.inventory.ports import MovementFilter
from core.inventory.usecases.queries.movements import GetMovement, ListInTransit, ListMovements, SumInTransit
from core.kernel.paging import Page
from entrypoints.http.inventory.examples import ARRIVED_AT, DESTINATION, LEFT_AT, MOVEMENT, PRODUCT, SOURCE
from entrypoints.http.operation import Call, NoQuery, Operation, PageQuery


class MovementsQuery(PageQuery, frozen=True, gc=False):
    """Which movements; a warehouse counts at either end."""

    warehouse_id: UUID | None = None
    product_id: UUID | None = None
    status: MovementStatus | None = None
    variance: Annotated[
        Variance | None, msgspec.Meta(description="Those where more or less arrived than departed, by what came of it.")
    ] = None


class PlaceQuery(PageQuery, frozen=True, gc=False):
    """Which warehouse and product."""

    warehouse_id: UUID | None = None
    product_id: UUID | None = None


async def read_movement(get: GetMovement, call: Call[NoQuery, None]) -> msgspec.Raw:
    """One movement."""
    return await get.encoded(call.actor, call.ids["movement_id"])


async def list_movements(movements: ListMovements, call: Call[MovementsQuery, None]) -> Page[MovementView]:
    """One page of movements."""
    query = call.query
    wanted = MovementFilter(
        warehouse_id=query.warehouse_id, product_id=query.product_id, status=query.status, variance=query.variance
    )
    return await movements(call.actor, wanted, limit=query.limit, cursor=query.cursor)


async def list_in_transit(departures: ListInTransit, call: Call[PlaceQuery, None]) -> Page[InTransitView]:
    """One page of goods that left and have not arrived."""
    query = call.query
    return await departures(
        call.actor,
        warehouse_id=query.warehouse_id,
        product_id=query.product_id,
        limit=query.limit,
        cursor=query.cursor,
    )


async def sum_in_transit(totals: SumInTransit, call: Call[PlaceQuery, None]) -> Page[InTransitTotal]:
    """One page of sums of them."""
    query = call.query
    return await totals(
        call.actor,
        warehouse_id=query.warehouse_id,
        product_id=query.product_id,
        limit=query.limit,
        cursor=query.cursor,
    )


EXAMPLE = MovementView(
    movement_id=MOVEMENT,
    product_id=PRODUCT,
    source_warehouse_id=SOURCE,
    destination_warehouse_id=DESTINATION,
    departure_time=LEFT_AT,
    arrival_time=ARRIVED_AT,
    duration_seconds=8520.0,
    departed_quantity=100,
    arrived_quantity=98,
    quantity_diff=2,
    shortage=2,
    surplus=0,
    matched=True,
    status=MovementStatus.COMPLETED,
    flags=[MovementFlag.SHORTAGE],
    variance=Variance.OPEN,
    decision=None,
)

OPERATIONS = (
    Operation(
        method="GET",
        path="/api/v1/movements/{movement_id}",
        tag="movements",
        summary="Read a movement",
        acts_on=GetMovement,
        act=read_movement,
        permission=READ,
        answer=MovementView,
        example=EXAMPLE,
        errors=("inventory.movement_not_found",),
    ),
    Operation(
        method="GET",
        path="/api/v1/movements",
        tag="movements",
        summary="List movements, newest first",
        acts_on=ListMovements,
        act=list_movements,
        permission=READ,
        query=MovementsQuery,
        answer=Page[MovementView],
        example=Page([EXAMPLE]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="GET",
        path="/api/v1/warehouse/in-transit",
        tag="in transit",
        summary="List goods in transit, the oldest departure first",
        acts_on=ListInTransit,
        act=list_in_transit,
        permission=READ,
        query=PlaceQuery,
        answer=Page[InTransitView],
        example=Page([InTransitView(MOVEMENT, PRODUCT, SOURCE, 100, LEFT_AT)]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="GET",
        path="/api/v1/warehouse/in-transit/totals",
        tag="in transit",
        summary="Sum goods in transit by source warehouse and product",
        acts_on=SumInTransit,
        act=sum_in_transit,
        permission=READ,
        query=PlaceQuery,
        answer=Page[InTransitTotal],
        example=Page([InTransitTotal(SOURCE, PRODUCT, 1, 100)]),
        errors=("kernel.invalid_cursor",),
    ),
)
