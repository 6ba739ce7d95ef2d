"""Both halves of a movement as one view, whichever of them have come."""

from core.inventory.api import Decided, Decision, MovementFlag, MovementStatus, MovementView, Variance
from core.inventory.domain.movement import MovementEvent


def movement_view(
    departure: MovementEvent | None, arrival: MovementEvent | None, *, parked: bool, decision: Decision | None = None
) -> MovementView:
    """Merge the halves of one movement that have come.

    :param parked: whether the departure has come but waits for stock; it then counts as come and not as applied.
    :param decision: what somebody decided about it.
    :raises ValueError: no half has come.
    """
    first = departure or arrival
    if first is None:
        raise ValueError("a movement needs a half")
    duration = _seconds(departure, arrival)
    skewed = duration is not None and duration < 0
    diff = departure.quantity - arrival.quantity if departure and arrival else None
    return MovementView(
        movement_id=first.movement_id,
        product_id=first.product_id,
        source_warehouse_id=departure.warehouse_id if departure else None,
        destination_warehouse_id=arrival.warehouse_id if arrival else None,
        departure_time=departure.occurred_at if departure else None,
        arrival_time=arrival.occurred_at if arrival else None,
        duration_seconds=None if skewed else duration,
        departed_quantity=departure.quantity if departure else None,
        arrived_quantity=arrival.quantity if arrival else None,
        quantity_diff=diff,
        shortage=None if diff is None else max(diff, 0),
        surplus=None if diff is None else max(-diff, 0),
        matched=departure is not None and arrival is not None and not parked,
        status=_status(arrival, decision, parked=parked),
        flags=_flags(departure, diff, parked=parked, skewed=skewed),
        variance=_variance(diff, decision),
        decision=decision,
    )


def _seconds(departure: MovementEvent | None, arrival: MovementEvent | None) -> float | None:
    if departure is None or arrival is None:
        return None
    return (arrival.occurred_at - departure.occurred_at).total_seconds()


def _variance(diff: int | None, decision: Decision | None) -> Variance | None:
    if not diff:
        return None
    return Variance.OPEN if decision is None else Variance.RESOLVED


def _status(arrival: MovementEvent | None, decision: Decision | None, *, parked: bool) -> MovementStatus:
    if decision is not None and decision.outcome is Decided.CANCELLED:
        return MovementStatus.CANCELLED
    if arrival is not None:
        return MovementStatus.COMPLETED
    return MovementStatus.PENDING if parked else MovementStatus.IN_TRANSIT


def _flags(departure: MovementEvent | None, diff: int | None, *, parked: bool, skewed: bool) -> list[MovementFlag]:
    raised = {
        MovementFlag.CLOCK_SKEW: skewed,
        MovementFlag.DEPARTURE_PARKED: parked,
        MovementFlag.SHORTAGE: diff is not None and diff > 0,
        MovementFlag.SURPLUS: diff is not None and diff < 0,
        MovementFlag.EXTERNAL_RECEIPT: departure is None,
    }
    return [flag for flag, holds in raised.items() if holds]
