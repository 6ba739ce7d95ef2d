"""From how many pieces down a stock is low."""

from typing import Annotated

import msgspec

from core.inventory.api import ThresholdView
from core.inventory.permissions import ADJUST, READ
from core.inventory.usecases.queries.stock import GetThreshold
from core.inventory.usecases.watch_stock import SetThreshold
from entrypoints.http.inventory.examples import PRODUCT, SOURCE
from entrypoints.http.operation import Call, NoQuery, Operation

PATH = "/api/v1/warehouse/{warehouse_id}/products/{product_id}/threshold"
MOST = 10**12

Threshold = Annotated[int, msgspec.Meta(ge=0, le=MOST, description="Pieces.")]


class ThresholdRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From how many pieces down the stock is low; null to watch it no more."""

    threshold: Threshold | None


async def read_threshold(get: GetThreshold, call: Call[NoQuery, None]) -> ThresholdView:
    """The threshold of one stock."""
    return await get(call.actor, call.ids["warehouse_id"], call.ids["product_id"])


async def set_threshold(change: SetThreshold, call: Call[NoQuery, ThresholdRequest]) -> ThresholdView:
    """Watch one stock."""
    ids = call.ids
    return await change(
        call.actor, ids["warehouse_id"], ids["product_id"], threshold=call.body.threshold, if_match=call.if_match
    )


OPERATIONS = (
    Operation(
        method="GET",
        path=PATH,
        tag="stock",
        summary="Read from how many pieces down a stock is low; an unknown pair has no threshold",
        acts_on=GetThreshold,
        act=read_threshold,
        permission=READ,
        answer=ThresholdView,
        example=ThresholdView(SOURCE, PRODUCT, 20, 22),
        etag=True,
    ),
    Operation(
        method="PUT",
        path=PATH,
        tag="stock",
        summary="Say from how many pieces down a stock is low",
        acts_on=SetThreshold,
        act=set_threshold,
        permission=ADJUST,
        answer=ThresholdView,
        example=ThresholdView(SOURCE, PRODUCT, 20, 22),
        body=ThresholdRequest,
        body_example=ThresholdRequest(20),
        etag=True,
    ),
)
