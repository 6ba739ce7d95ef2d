"""Both halves in one view."""

import pytest

from core.inventory.api import MovementFlag, MovementStatus
from core.inventory.domain.view import movement_view
from tests.support.events import World

W = World()


def test_no_half_is_no_movement() -> None:
    with pytest.raises(ValueError, match="half"):
        movement_view(None, None, parked=False)


def test_under_way() -> None:
    view = movement_view(W.departure(1, 7), None, parked=False)
    assert (view.movement_id, view.product_id) == (W.movement(1), W.product(1))
    assert (view.source_warehouse_id, view.destination_warehouse_id) == (W.warehouse(1), None)
    assert (view.departed_quantity, view.arrived_quantity, view.arrival_time) == (7, None, None)
    assert (view.duration_seconds, view.quantity_diff, view.shortage, view.surplus) == (None, None, None, None)
    assert (view.matched, view.status, view.flags) == (False, MovementStatus.IN_TRANSIT, [])


def test_waiting() -> None:
    view = movement_view(W.departure(1), None, parked=True)
    assert (view.matched, view.status, view.flags) == (False, MovementStatus.PENDING, [MovementFlag.DEPARTURE_PARKED])


def test_from_outside() -> None:
    view = movement_view(None, W.arrival(1, 7), parked=False)
    assert (view.source_warehouse_id, view.destination_warehouse_id) == (None, W.warehouse(2))
    assert (view.departed_quantity, view.arrived_quantity, view.departure_time) == (None, 7, None)
    assert (view.duration_seconds, view.quantity_diff, view.shortage, view.surplus) == (None, None, None, None)
    assert (view.matched, view.status) == (False, MovementStatus.COMPLETED)
    assert view.flags == [MovementFlag.EXTERNAL_RECEIPT]


def test_both() -> None:
    view = movement_view(W.departure(1), W.arrival(1), parked=False)
    assert (view.duration_seconds, view.quantity_diff, view.shortage, view.surplus) == (3600.0, 0, 0, 0)
    assert (view.matched, view.status, view.flags) == (True, MovementStatus.COMPLETED, [])


@pytest.mark.parametrize(
    "arrived,numbers,flag",
    [(8, (2, 2, 0), MovementFlag.SHORTAGE), (13, (-3, 0, 3), MovementFlag.SURPLUS)],
)
def test_differences(arrived: int, numbers: tuple[int, int, int], flag: MovementFlag) -> None:
    view = movement_view(W.departure(1, 10), W.arrival(1, arrived), parked=False)
    assert (view.quantity_diff, view.shortage, view.surplus) == numbers
    assert view.flags == [flag]


def test_clocks_that_disagree() -> None:
    view = movement_view(W.departure(1, minute=1), W.arrival(1, minute=0), parked=False)
    assert (view.duration_seconds, view.flags) == (None, [MovementFlag.CLOCK_SKEW])
    assert movement_view(W.departure(1), W.arrival(1, minute=0), parked=False).duration_seconds == 0


def test_an_arrival_whose_departure_waits() -> None:
    view = movement_view(W.departure(1, 10), W.arrival(1, 9, minute=-1), parked=True)
    assert (view.matched, view.status) == (False, MovementStatus.COMPLETED)
    assert view.flags == [MovementFlag.CLOCK_SKEW, MovementFlag.DEPARTURE_PARKED, MovementFlag.SHORTAGE]
