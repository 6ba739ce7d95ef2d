"""Goods that are under way for too long."""

import pytest

from core.inventory.api import TransitLimitView
from core.inventory.domain.transit import DEFAULT_HOURS
from core.inventory.events import TransitOverdue, TransitOverdueCleared
from core.inventory.usecases.queries.transit import GetTransitLimit, ListOverdue
from core.inventory.usecases.watch_transit import BATCH, SetTransitLimit, WatchTransit
from core.kernel.actor import system_actor
from core.kernel.etags import Stale
from tests.support.events import T0, World
from tests.support.house import KEEPER, House

W = World()
PLACE, PRODUCT = W.warehouse(1), W.product()
SCHEDULER = system_actor("scheduler")
HOUR = 3600


async def sweep(house: House) -> int:
    """Look for what is overdue."""
    return await (await house.get(WatchTransit))(SCHEDULER)


async def send(house: House, count: int = 1) -> None:
    """So many movements leave now, a piece each."""
    minute = (house.clock.now() - T0).total_seconds() / 60
    await house.kafka(W.arrival(1000, 10**6, warehouse=1))
    await house.kafka(*(W.departure(n, 1, minute=minute) for n in range(1, count + 1)))


async def test_it_tells_of_each_once_and_of_its_end(house: House) -> None:
    departed_at = house.clock.now()
    await send(house)
    house.clock.advance(DEFAULT_HOURS * HOUR - 1)
    assert await sweep(house) == 0
    house.heard.clear()
    house.clock.advance(1)
    assert [await sweep(house), await sweep(house)] == [1, 0]
    movement = W.movement(1)
    assert house.heard == [
        TransitOverdue(
            movement_id=movement,
            warehouse_id=PLACE,
            product_id=PRODUCT,
            quantity=1,
            departed_at=departed_at,
            limit_hours=DEFAULT_HOURS,
        )
    ]
    overdue = await (await house.get(ListOverdue))(KEEPER)
    assert [each.movement_id for each in overdue.items] == [movement]
    await house.kafka(W.arrival(1, 1), W.arrival(1, 1))
    assert [fact for fact in house.heard if isinstance(fact, TransitOverdueCleared)] == [
        TransitOverdueCleared(movement_id=movement, warehouse_id=PLACE, product_id=PRODUCT, cause="arrived")
    ]


async def test_more_than_a_batch(house: House) -> None:
    await send(house, BATCH + 3)
    house.clock.advance(DEFAULT_HOURS * HOUR)
    assert await sweep(house) == BATCH + 3
    assert sum(isinstance(fact, TransitOverdue) for fact in house.heard) == BATCH + 3


async def test_a_limit_is_set_and_audited(house: House) -> None:
    change, get = await house.get(SetTransitLimit), await house.get(GetTransitLimit)
    assert await get(KEEPER, PLACE) == TransitLimitView(PLACE, DEFAULT_HOURS, is_default=True)
    assert await change(KEEPER, PLACE, hours=5) == TransitLimitView(PLACE, 5, is_default=False)
    await change(KEEPER, PLACE, hours=5)
    assert await get(KEEPER, PLACE) == TransitLimitView(PLACE, 5, is_default=False)
    await change(KEEPER, PLACE, hours=None)
    trail = await house.trail(str(PLACE))
    assert [(each.action, each.details) for each in trail] == [
        ("inventory.transit_limit", {"before": None, "after": 5}),
        ("inventory.transit_limit", {"before": 5, "after": None}),
    ]


async def test_only_a_limit_that_was_seen_is_changed(house: House) -> None:
    change = await house.get(SetTransitLimit)
    with pytest.raises(Stale):
        await change(KEEPER, PLACE, hours=5, if_match="another")
    assert await house.trail(str(PLACE)) == []
    await send(house)
    house.clock.advance(5 * HOUR)
    assert await sweep(house) == 0
    await change(KEEPER, PLACE, hours=5, if_match="*")
    assert await sweep(house) == 1
