"""Taking movements back."""

import pytest

from core.inventory.api import Decided, Decision, MovementStatus, MovementView, Outcome, QuarantineState, Reason
from core.inventory.domain.errors import ConflictingMessage, MovementNotFound, NotUnderWay
from core.inventory.events import MovementApplied, MovementCancelled, TransitOverdueCleared
from core.inventory.usecases.cancel_movement import CancelMovement
from core.inventory.usecases.decide_quarantine import RetryQuarantined
from core.inventory.usecases.queries.movements import GetMovement
from core.inventory.usecases.receive_message import ReceiveMessage
from core.inventory.usecases.watch_transit import WatchTransit
from tests.support.events import World, message_of
from tests.support.house import KEEPER, House

W = World()
PLACE, PRODUCT = W.warehouse(1), W.product()


async def cancel(house: House, n: int = 1) -> MovementView:
    """Take movement ``n`` back."""
    return await (await house.get(CancelMovement))(KEEPER, W.movement(n), note="the truck came back")


@pytest.fixture
async def left(house: House) -> House:
    """Ten pieces left, seven others wait."""
    await house.adjust(PLACE, PRODUCT, 10)
    await house.kafka(W.departure(1), W.departure(2, 7, minute=1))
    house.heard.clear()
    return house


async def test_it_shows_who_cancelled_and_why(left: House) -> None:
    now = left.clock.advance(5)
    read = await left.get(GetMovement)
    assert (await read(KEEPER, W.movement(1))).status is MovementStatus.IN_TRANSIT
    view = await cancel(left)
    assert (view.status, view.departed_quantity) == (MovementStatus.CANCELLED, 10)
    assert view.decision == Decision(Decided.CANCELLED, "the truck came back", "keeper", now)
    assert await read(KEEPER, W.movement(1)) == view
    assert (await read(KEEPER, W.movement(2))).status is MovementStatus.IN_TRANSIT
    assert await left.quantity(PLACE, PRODUCT) == 3


async def test_it_tells_what_happened_and_what_it_let_go(left: House) -> None:
    await cancel(left)
    told, went = left.heard
    assert told == MovementCancelled(
        movement_id=W.movement(1), warehouse_id=PLACE, product_id=PRODUCT, quantity=10, returned=10
    )
    assert isinstance(went, MovementApplied)
    assert went.movement_id == W.movement(2)


async def test_it_is_audited(left: House) -> None:
    await cancel(left)
    (entry,) = await left.trail(str(W.movement(1)))
    assert (entry.actor, entry.action) == ("keeper", "inventory.movement.cancel")
    assert entry.details == {"returned": 10, "note": "the truck came back"}


async def test_one_that_waits_returns_nothing(left: House) -> None:
    assert (await cancel(left, 2)).flags == []
    (told,) = left.heard
    assert isinstance(told, MovementCancelled)
    assert (told.quantity, told.returned) == (7, 0)


async def test_it_is_overdue_no_more(left: House) -> None:
    left.clock.advance(10**9)
    assert await (await left.get(WatchTransit))(KEEPER) == 1
    await cancel(left)
    ids = {"movement_id": W.movement(1), "warehouse_id": PLACE, "product_id": PRODUCT}
    assert left.heard[-1] == TransitOverdueCleared(cause="cancelled", **ids)


async def test_its_arrival_is_quarantined_whichever_door_it_takes(left: House) -> None:
    await cancel(left)
    (answer,) = await left.kafka(W.arrival(1))
    assert (answer.verdict.outcome, answer.verdict.reason) == (Outcome.REJECTED, Reason.MOVEMENT_CANCELLED)
    with pytest.raises(ConflictingMessage) as refusal:
        await (await left.get(ReceiveMessage))(KEEPER, message_of(W.arrival(1)))
    assert refusal.value.params == {"movement_id": str(W.movement(1)), "reason": "movement_cancelled"}
    items = await left.quarantined(reason=Reason.MOVEMENT_CANCELLED)
    assert len(items) == 2
    verdict = await (await left.get(RetryQuarantined))(KEEPER, items[0].id)
    assert verdict.reason is Reason.MOVEMENT_CANCELLED
    assert len(await left.quarantined(QuarantineState.OPEN)) == 2


async def test_refusals(left: House) -> None:
    await cancel(left)
    with pytest.raises(NotUnderWay) as refusal:
        await cancel(left)
    assert refusal.value.params == {"movement_id": str(W.movement(1)), "status": "cancelled"}
    with pytest.raises(MovementNotFound):
        await cancel(left, 9)
    await left.kafka(W.arrival(2, 7))
    with pytest.raises(NotUnderWay) as refusal:
        await cancel(left, 2)
    assert refusal.value.params["status"] == "completed"
    assert len(await left.trail(str(W.movement(1)))) == 1
