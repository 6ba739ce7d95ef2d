"""What somebody should look at."""

from typing import Any

import msgspec

from core.inventory.api import AlertKind, AlertState, AlertView, Note
from core.inventory.permissions import ADJUST, READ
from core.inventory.usecases.acknowledge_alert import AcknowledgeAlert
from core.inventory.usecases.queries.alerts import GetAlert, ListAlerts
from core.kernel.paging import Page
from entrypoints.http.inventory.examples import ITEM, LEFT_AT, PRODUCT, SOURCE
from entrypoints.http.operation import Call, NoQuery, Operation, PageQuery

LIST = "/api/v1/warehouse/alerts"


class AlertQuery(PageQuery, frozen=True, gc=False):
    """Which alerts; without a state all of them."""

    kind: AlertKind | None = None
    state: AlertState | None = None


class AcknowledgeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word on what was found."""

    note: Note = ""


async def list_alerts(alerts: ListAlerts, call: Call[AlertQuery, None]) -> Page[AlertView]:
    """One page of alerts."""
    query = call.query
    return await alerts(call.actor, kind=query.kind, state=query.state, limit=query.limit, cursor=query.cursor)


async def read_alert(get: GetAlert, call: Call[NoQuery, None]) -> AlertView:
    """One alert."""
    return await get(call.actor, call.ids["alert_id"])


async def acknowledge(ack: AcknowledgeAlert, call: Call[NoQuery, AcknowledgeRequest]) -> AlertView:
    """Acknowledge one alert."""
    return await ack(
        call.actor, call.ids["alert_id"], note=call.body.note, if_match=call.if_match, request=call.request
    )


EXAMPLE: dict[str, Any] = {
    "id": ITEM,
    "kind": AlertKind.LOW_STOCK,
    "state": AlertState.OPEN,
    "warehouse_id": SOURCE,
    "product_id": PRODUCT,
    "movement_id": None,
    "details": {"quantity": 20, "threshold": 20},
    "since": LEFT_AT,
    "cleared_at": None,
}
UNSEEN = AlertView(**EXAMPLE, acked_at=None, acked_by=None, note=None)
SEEN = AlertView(**EXAMPLE, acked_at=LEFT_AT, acked_by="api-key", note="ordered")

OPERATIONS = (
    Operation(
        method="GET",
        path=LIST,
        tag="alerts",
        summary="List alerts, newest first",
        acts_on=ListAlerts,
        act=list_alerts,
        permission=READ,
        query=AlertQuery,
        answer=Page[AlertView],
        example=Page([UNSEEN]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="GET",
        path=LIST + "/{alert_id}",
        tag="alerts",
        summary="Read an alert",
        acts_on=GetAlert,
        act=read_alert,
        permission=READ,
        answer=AlertView,
        example=UNSEEN,
        errors=("inventory.alert_not_found",),
        etag=True,
    ),
    Operation(
        method="POST",
        path=LIST + "/{alert_id}/ack",
        tag="alerts",
        summary="Acknowledge an alert",
        acts_on=AcknowledgeAlert,
        act=acknowledge,
        permission=ADJUST,
        answer=AlertView,
        example=SEEN,
        body=AcknowledgeRequest,
        body_example=AcknowledgeRequest("ordered"),
        errors=("inventory.alert_not_found",),
        once=True,
        etag=True,
    ),
)
