"""Decisions about movements: to cancel one, or what had become of what was missing."""

from datetime import timedelta

import msgspec
from msgspec.structs import replace

from core.inventory.api import Decided, Decision, MovementStatus, MovementView, Note, Variance, VarianceOutcome
from core.inventory.permissions import ADJUST
from core.inventory.usecases.cancel_movement import CancelMovement
from core.inventory.usecases.resolve_variance import ResolveVariance
from entrypoints.http.inventory.examples import ARRIVED_AT
from entrypoints.http.inventory.movements import EXAMPLE
from entrypoints.http.inventory.quarantine import Why
from entrypoints.http.operation import Call, NoQuery, Operation

MOVEMENT = "/api/v1/movements/{movement_id}"


class CancelRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a movement is cancelled."""

    note: Why


class ResolveRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What had become of the difference; of a surplus only `miscounted` can be said."""

    outcome: VarianceOutcome
    note: Note = ""


async def cancel(cancel_movement: CancelMovement, call: Call[NoQuery, CancelRequest]) -> MovementView:
    """Cancel one movement."""
    return await cancel_movement(call.actor, call.ids["movement_id"], note=call.body.note, request=call.request)


async def resolve(resolve_variance: ResolveVariance, call: Call[NoQuery, ResolveRequest]) -> MovementView:
    """Close one variance."""
    wanted = call.body
    return await resolve_variance(
        call.actor, call.ids["movement_id"], outcome=wanted.outcome, note=wanted.note, request=call.request
    )


DECIDED_AT = ARRIVED_AT + timedelta(days=1)
CANCELLED = replace(
    EXAMPLE,
    destination_warehouse_id=None,
    arrival_time=None,
    duration_seconds=None,
    arrived_quantity=None,
    quantity_diff=None,
    shortage=None,
    surplus=None,
    matched=False,
    status=MovementStatus.CANCELLED,
    flags=[],
    variance=None,
    decision=Decision(Decided.CANCELLED, "the truck came back", "api-key", DECIDED_AT),
)
RESOLVED = replace(
    EXAMPLE,
    variance=Variance.RESOLVED,
    decision=Decision(Decided.FOUND, "behind the pallet", "api-key", DECIDED_AT),
)

OPERATIONS = (
    Operation(
        method="POST",
        once=True,
        path=MOVEMENT + "/cancel",
        tag="movements",
        summary="Cancel a movement that has not arrived; what left is back in stock",
        acts_on=CancelMovement,
        act=cancel,
        permission=ADJUST,
        answer=MovementView,
        example=CANCELLED,
        body=CancelRequest,
        body_example=CancelRequest("the truck came back"),
        errors=("inventory.movement_not_found", "inventory.not_under_way"),
    ),
    Operation(
        method="POST",
        once=True,
        path=MOVEMENT + "/resolve",
        tag="movements",
        summary="Say what had become of a shortage or surplus; what was found is added to the stock",
        acts_on=ResolveVariance,
        act=resolve,
        permission=ADJUST,
        answer=MovementView,
        example=RESOLVED,
        body=ResolveRequest,
        body_example=ResolveRequest(VarianceOutcome.FOUND, "behind the pallet"),
        errors=(
            "inventory.movement_not_found",
            "inventory.no_open_variance",
            "inventory.variance_already_resolved",
            "inventory.nothing_missing",
        ),
    ),
)
