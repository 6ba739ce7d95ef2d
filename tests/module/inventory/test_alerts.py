"""Alerts: opened and cleared by facts, acknowledged by people."""

import msgspec
import pytest

from core.inventory.api import AlertKind, AlertState, AlertView
from core.inventory.domain.errors import AlertNotFound
from core.inventory.events import TransitOverdue, TransitOverdueCleared
from core.inventory.ports import InventoryWork
from core.inventory.usecases.acknowledge_alert import AcknowledgeAlert
from core.inventory.usecases.keep_alerts import KeepAlerts
from core.inventory.usecases.queries.alerts import GetAlert, ListAlerts
from core.inventory.usecases.watch_stock import SetThreshold
from core.kernel.etags import Stale, etag_of
from core.kernel.outbox import Delivery, Lanes, Lease, Superseded
from core.kernel.work import OpenWork
from tests.support.events import T0, World
from tests.support.house import KEEPER, House
from tests.support.twice import reacting_twice

W = World()
PAIR = W.warehouse(1), W.product()


async def due(house: House) -> tuple[Lanes, Lease, list[Delivery]]:
    """What waits for the reaction, leased."""
    lanes: Lanes = await house.get(Lanes)
    lease = await lanes.claim("inventory.alerts", 64)
    assert lease is not None
    return lanes, lease, await lanes.next(lease, 100)


async def react(house: House) -> list[AlertView]:
    """Let the reaction do what waits for it, each delivery twice; all alerts, newest first."""
    keep = reacting_twice(await house.get(KeepAlerts))
    lanes, lease, deliveries = await due(house)
    for delivery in deliveries:
        await keep(delivery)
    await lanes.release(lease)
    return await listed(house)


async def listed(house: House) -> list[AlertView]:
    """All alerts, newest first."""
    return (await (await house.get(ListAlerts))(KEEPER)).items


async def low(house: House) -> AlertView:
    """An open alert of a low stock."""
    await house.adjust(*PAIR, 30)
    await (await house.get(SetThreshold))(KEEPER, *PAIR, threshold=20)
    await house.adjust(*PAIR, -10)
    (alert,) = await react(house)
    return alert


async def test_a_low_stock_opens_an_alert_that_its_recovery_clears(house: House) -> None:
    alert = await low(house)
    assert (alert.kind, alert.state, alert.details) == (
        AlertKind.LOW_STOCK,
        AlertState.OPEN,
        {"quantity": 20, "threshold": 20},
    )
    assert (alert.warehouse_id, alert.product_id, alert.movement_id) == (*PAIR, None)
    await house.adjust(*PAIR, -5)
    assert await listed(house) == [alert]
    await house.adjust(*PAIR, 7)
    (cleared,) = await react(house)
    assert (cleared.id, cleared.state) == (alert.id, AlertState.CLEARED)
    await house.adjust(*PAIR, -2)
    assert [each.state for each in await react(house)] == [AlertState.OPEN, AlertState.CLEARED]


async def test_who_stops_watching_clears_the_alert(house: House) -> None:
    await low(house)
    await (await house.get(SetThreshold))(KEEPER, *PAIR, threshold=None)
    assert [each.state for each in await react(house)] == [AlertState.CLEARED]


async def test_a_delivery_counts_once(house: House) -> None:
    await house.adjust(*PAIR, 5)
    await (await house.get(SetThreshold))(KEEPER, *PAIR, threshold=20)
    _, _, (delivery,) = await due(house)
    keep = await house.get(KeepAlerts)
    await keep(delivery)
    with pytest.raises(Superseded):
        await keep(delivery)
    assert len(await listed(house)) == 1


async def test_overdue_goods(house: House) -> None:
    ids = {"warehouse_id": PAIR[0], "product_id": PAIR[1]}
    open_work: OpenWork[InventoryWork] = await house.get(OpenWork[InventoryWork])
    async with open_work() as work:
        work.publish(
            TransitOverdue(movement_id=W.movement(1), quantity=7, departed_at=T0, limit_hours=72, **ids),
            TransitOverdue(movement_id=W.movement(2), quantity=8, departed_at=T0, limit_hours=72, **ids),
        )
    assert [(each.kind, each.movement_id) for each in await react(house)] == [
        (AlertKind.OVERDUE_TRANSIT, W.movement(2)),
        (AlertKind.OVERDUE_TRANSIT, W.movement(1)),
    ]
    async with open_work() as work:
        work.publish(TransitOverdueCleared(movement_id=W.movement(2), cause="arrived", **ids))
    assert [each.state for each in await react(house)] == [AlertState.CLEARED, AlertState.OPEN]


async def test_somebody_looks(house: House) -> None:
    alert = await low(house)
    now = house.clock.advance(60)
    ack = await house.get(AcknowledgeAlert)
    seen = await ack(KEEPER, alert.id, note="ordered", if_match=etag_of(msgspec.json.encode(alert)))
    assert (seen.acked_at, seen.acked_by, seen.note, seen.state) == (now, "keeper", "ordered", AlertState.OPEN)
    assert await (await house.get(GetAlert))(KEEPER, alert.id) == seen
    with pytest.raises(Stale):
        await ack(KEEPER, alert.id, if_match=etag_of(msgspec.json.encode(alert)))
    assert [each.action for each in await house.trail(str(alert.id))] == ["inventory.alert.acknowledge"]


async def test_no_such_alert(house: House) -> None:
    for use_case in (AcknowledgeAlert, GetAlert):
        with pytest.raises(AlertNotFound):
            await (await house.get(use_case))(KEEPER, W.movement())  # type: ignore[operator]
