"""Closing variances."""

import pytest

from core.inventory.api import AdjustmentReason, Decided, Decision, MovementView, Variance, VarianceOutcome
from core.inventory.domain.errors import (
    MovementNotFound,
    NoOpenVariance,
    NothingMissing,
    VarianceAlreadyResolved,
)
from core.inventory.events import MovementApplied, StockAdjusted, VarianceResolved
from core.inventory.usecases.queries.movements import GetMovement
from core.inventory.usecases.queries.stock import ListAdjustments
from core.inventory.usecases.resolve_variance import ResolveVariance
from tests.support.events import World
from tests.support.house import KEEPER, House

W = World()
SOURCE, DESTINATION, PRODUCT = W.warehouse(1), W.warehouse(2), W.product()


async def resolve(house: House, outcome: VarianceOutcome, n: int = 1) -> MovementView:
    """Decide about the variance of movement ``n``."""
    use_case = await house.get(ResolveVariance)
    return await use_case(KEEPER, W.movement(n), outcome=outcome, note="counted twice")


@pytest.fixture
async def arrived(house: House) -> House:
    """Of movement 1 two pieces are missing, of movement 2 one is too many, movement 3 is under way."""
    await house.adjust(SOURCE, PRODUCT, 30)
    await house.kafka(W.departure(1), W.arrival(1, 8), W.departure(2), W.arrival(2, 11), W.departure(3))
    house.heard.clear()
    return house


@pytest.mark.parametrize("outcome", [VarianceOutcome.LOST, VarianceOutcome.DAMAGED, VarianceOutcome.MISCOUNTED])
async def test_it_is_closed_and_no_stock_changes(arrived: House, outcome: VarianceOutcome) -> None:
    now = arrived.clock.advance(5)
    read = await arrived.get(GetMovement)
    assert (await read(KEEPER, W.movement(1))).variance is Variance.OPEN
    view = await resolve(arrived, outcome)
    assert (view.variance, view.shortage) == (Variance.RESOLVED, 2)
    assert view.decision == Decision(Decided(outcome), "counted twice", "keeper", now)
    assert await read(KEEPER, W.movement(1)) == view
    assert await arrived.quantity(DESTINATION, PRODUCT) == 19
    assert await arrived.quantity(SOURCE, PRODUCT) == 0
    assert arrived.heard == [
        VarianceResolved(
            movement_id=W.movement(1),
            product_id=PRODUCT,
            source_warehouse_id=SOURCE,
            destination_warehouse_id=DESTINATION,
            quantity_diff=2,
            outcome=outcome.value,
        )
    ]


async def test_it_is_audited(arrived: House) -> None:
    await resolve(arrived, VarianceOutcome.LOST)
    (entry,) = await arrived.trail(str(W.movement(1)))
    assert (entry.actor, entry.action) == ("keeper", "inventory.movement.resolve")
    assert entry.details == {"outcome": "lost", "quantity_diff": 2, "note": "counted twice"}


async def test_what_was_found_is_an_adjustment_where_it_arrived(arrived: House) -> None:
    await arrived.kafka(W.departure(5, 21, warehouse=2))
    arrived.heard.clear()
    await resolve(arrived, VarianceOutcome.FOUND)
    adjusted, went, resolved = arrived.heard
    assert isinstance(adjusted, StockAdjusted)
    assert isinstance(went, MovementApplied)
    assert isinstance(resolved, VarianceResolved)
    assert (went.movement_id, await arrived.quantity(DESTINATION, PRODUCT)) == (W.movement(5), 0)
    view = (await (await arrived.get(ListAdjustments))(KEEPER)).items[0]
    assert (view.id, view.delta, view.balance_after) == (adjusted.adjustment_id, 2, 21)
    assert (view.reason, view.note, view.actor) == (AdjustmentReason.FOUND, "counted twice", "keeper")
    assert len(await arrived.trail(f"{DESTINATION}/{PRODUCT}")) == 1


async def test_a_surplus_is_miscounted(arrived: House) -> None:
    for outcome in set(VarianceOutcome) - {VarianceOutcome.MISCOUNTED}:
        with pytest.raises(NothingMissing):
            await resolve(arrived, outcome, 2)
    assert (await resolve(arrived, VarianceOutcome.MISCOUNTED, 2)).variance is Variance.RESOLVED


async def test_refusals(arrived: House) -> None:
    await resolve(arrived, VarianceOutcome.LOST)
    with pytest.raises(VarianceAlreadyResolved):
        await resolve(arrived, VarianceOutcome.FOUND)
    with pytest.raises(NoOpenVariance):
        await resolve(arrived, VarianceOutcome.FOUND, 3)
    with pytest.raises(MovementNotFound):
        await resolve(arrived, VarianceOutcome.FOUND, 9)
    assert await arrived.quantity(DESTINATION, PRODUCT) == 19
    assert len(await arrived.trail(str(W.movement(1)))) == 1
