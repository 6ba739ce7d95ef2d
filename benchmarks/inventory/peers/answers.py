"""The answer of the peers that use pydantic."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel


class MovementAnswer(BaseModel):
    """Both halves of a movement in one."""

    movement_id: UUID
    product_id: UUID
    source_warehouse_id: UUID | None
    destination_warehouse_id: UUID | None
    departure_time: datetime | None
    arrival_time: datetime | None
    duration_seconds: float | None
    departed_quantity: int | None
    arrived_quantity: int | None
    quantity_diff: int | None
    shortage: int | None
    surplus: int | None
    matched: bool
    status: str
    flags: list[str]
    variance: str | None
    decision: None


def fields_of(halves: Sequence[Any]) -> dict[str, Any]:
    """Merge the halves of a movement.

    :param halves: rows of the peers' table, in any order, one at least.
    """
    departure = arrival = None
    for half in halves:
        if half.event == "departure":
            departure = half
        else:
            arrival = half
    first: Any = departure or arrival
    duration = diff = shortage = surplus = None
    flags = []
    if departure is None:
        flags.append("external_receipt")
    elif arrival is not None:
        duration = (arrival.occurred_at - departure.occurred_at).total_seconds()
        diff = departure.quantity - arrival.quantity
        shortage, surplus = max(diff, 0), max(-diff, 0)
        if duration < 0:
            duration = None
            flags.append("clock_skew")
        if diff:
            flags.append("shortage" if diff > 0 else "surplus")
    return {
        "movement_id": first.movement_id,
        "product_id": first.product_id,
        "source_warehouse_id": departure and departure.warehouse_id,
        "destination_warehouse_id": arrival and arrival.warehouse_id,
        "departure_time": departure and departure.occurred_at,
        "arrival_time": arrival and arrival.occurred_at,
        "duration_seconds": duration,
        "departed_quantity": departure and departure.quantity,
        "arrived_quantity": arrival and arrival.quantity,
        "quantity_diff": diff,
        "shortage": shortage,
        "surplus": surplus,
        "matched": departure is not None and arrival is not None,
        "status": "in_transit" if arrival is None else "completed",
        "flags": flags,
        "variance": "open" if diff else None,
        "decision": None,
    }
