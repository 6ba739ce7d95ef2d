"""Setting a stock right by hand."""

import pytest

from core.inventory.api import AdjustmentReason, AdjustmentView
from core.inventory.domain.errors import InsufficientStock, NothingToAdjust
from core.inventory.events import MovementApplied, StockAdjusted
from core.inventory.usecases.adjust_stock import AdjustStock
from core.inventory.usecases.queries.stock import ListAdjustments
from tests.support.events import World
from tests.support.house import KEEPER, House

W = World()
PLACE, PRODUCT = W.warehouse(1), W.product()


async def adjust(house: House, delta: int, note: str = "") -> AdjustmentView:
    """Count a stock anew."""
    use_case = await house.get(AdjustStock)
    return await use_case(
        KEEPER, warehouse_id=PLACE, product_id=PRODUCT, delta=delta, reason=AdjustmentReason.COUNT, note=note
    )


async def test_it_answers_and_keeps_the_whole_adjustment(house: House) -> None:
    now = house.clock.advance(5)
    view = await adjust(house, 7, "shelf 3")
    assert view == AdjustmentView(
        id=view.id,
        warehouse_id=PLACE,
        product_id=PRODUCT,
        delta=7,
        balance_after=7,
        reason=AdjustmentReason.COUNT,
        note="shelf 3",
        actor="keeper",
        created_at=now,
    )
    assert (await (await house.get(ListAdjustments))(KEEPER)).items == [view]
    assert await house.quantity(PLACE, PRODUCT) == 7


async def test_it_is_audited(house: House) -> None:
    await adjust(house, 7)
    await adjust(house, -3, "broken")
    trail = await house.trail(f"{PLACE}/{PRODUCT}")
    assert [(each.actor, each.action) for each in trail] == [("keeper", "inventory.adjust")] * 2
    assert trail[1].details == {"before": 7, "after": 4, "reason": "count", "note": "broken"}


async def test_it_tells_what_happened_and_what_it_let_go(house: House) -> None:
    await house.kafka(W.departure(1, 5))
    house.heard.clear()
    view = await adjust(house, 7)
    adjusted, went = house.heard
    assert adjusted == StockAdjusted(
        adjustment_id=view.id, warehouse_id=PLACE, product_id=PRODUCT, delta=7, balance_after=7, reason="count"
    )
    assert isinstance(went, MovementApplied)
    assert (went.movement_id, went.quantity) == (W.movement(1), 5)
    assert await house.quantity(PLACE, PRODUCT) == 2


async def test_nothing_is_no_adjustment(house: House) -> None:
    with pytest.raises(NothingToAdjust):
        await adjust(house, 0)


async def test_never_below_zero(house: House) -> None:
    await adjust(house, 2)
    house.heard.clear()
    with pytest.raises(InsufficientStock) as refusal:
        await adjust(house, -5)
    assert refusal.value.params == {"deficiency": 3}
    assert house.heard == []
    assert len(await house.trail(f"{PLACE}/{PRODUCT}")) == 1
    assert await house.quantity(PLACE, PRODUCT) == 2
