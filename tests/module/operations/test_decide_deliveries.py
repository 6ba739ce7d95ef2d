"""Operators replay and drop what failed, and the trail tells who did it."""

import pytest

from core.kernel.requests import AnsweredBefore, RequestKey
from core.operations.api import ChosenDeliveries, DeliveriesChanged
from core.operations.domain.errors import DeliveryNotFailed
from core.operations.usecases import decide_deliveries
from tests.support.desk import OPERATOR, Desk

ALL_OF_ONE = ChosenDeliveries(subscriber="one")


def one(seq: int) -> ChosenDeliveries:
    return ChosenDeliveries(subscriber="one", seq=seq)


async def test_a_mended_subscriber_gets_what_died_and_then_what_waited_behind(desk: Desk) -> None:
    await desk.publish((1, 1), (1, 2), (2, 3))
    (dead,) = await desk.die(1)
    assert desk.subscriber.taken == [3]
    desk.subscriber.poison.clear()
    assert await desk.replay(OPERATOR, one(dead), note="mended") == DeliveriesChanged(1, more=False)
    await desk.relay.work()
    assert desk.subscriber.taken == [3, 1, 2]
    assert await desk.list(OPERATOR, subscriber="one") == await desk.list(OPERATOR, subscriber="nobody")


async def test_a_replayed_one_that_fails_again_dies_again(desk: Desk) -> None:
    await desk.publish((1, 1), (1, 2))
    (dead,) = await desk.die(1)
    await desk.replay(OPERATOR, one(dead))
    assert await desk.die() == [dead]
    assert (await desk.get(OPERATOR, "one", dead)).attempts == 8
    assert desk.subscriber.taken == []


async def test_what_a_dropped_one_held_back_goes_on(desk: Desk) -> None:
    await desk.publish((1, 1), (1, 2))
    (dead,) = await desk.die(1)
    assert await desk.drop(OPERATOR, one(dead), note="too old") == DeliveriesChanged(1, more=False)
    await desk.relay.work()
    assert desk.subscriber.taken == [2]


async def test_other_subscribers_are_none_of_it(desk: Desk) -> None:
    await desk.publish((1, 1))
    (dead,) = await desk.die(1)
    await desk.drop(OPERATOR, one(dead), note="too old")
    assert [item.seq for item in (await desk.list(OPERATOR, subscriber="two")).items] == [dead]


async def test_each_is_in_the_trail(desk: Desk) -> None:
    await desk.publish((1, 1), (2, 2))
    first, second = await desk.die(1, 2)
    await desk.replay(OPERATOR, ALL_OF_ONE, note="again")
    await desk.drop(OPERATOR, one(second), note="never")
    assert [(e.actor, e.action, e.details) for e in await desk.trail(first)] == [
        ("olga", "operations.deliveries.replay", {"note": "again"})
    ]
    assert [(e.action, e.details["note"]) for e in await desk.trail(second)] == [
        ("operations.deliveries.replay", "again"),
        ("operations.deliveries.drop", "never"),
    ]


@pytest.mark.parametrize("act", ["replay", "drop"])
async def test_one_that_did_not_fail_is_refused_and_nothing_noted(desk: Desk, act: str) -> None:
    await desk.publish((1, 1))
    seq = (await desk.list(OPERATOR)).items[0].seq
    with pytest.raises(DeliveryNotFailed):
        await getattr(desk, act)(OPERATOR, one(seq), note="no")
    assert await desk.trail(seq) == []


async def test_many_are_taken_in_portions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide_deliveries, "BULK", 3)
    await desk.publish(*((stock, stock) for stock in range(4)))
    await desk.die(*range(4))
    assert await desk.drop(OPERATOR, ALL_OF_ONE, note="no") == DeliveriesChanged(3, more=True)
    assert await desk.drop(OPERATOR, ALL_OF_ONE, note="no") == DeliveriesChanged(1, more=False)
    assert await desk.drop(OPERATOR, ALL_OF_ONE, note="no") == DeliveriesChanged(0, more=False)


async def test_a_request_that_is_repeated_changes_nothing_more(desk: Desk) -> None:
    await desk.publish((1, 1), (2, 2))
    await desk.die(1, 2)
    request = RequestKey(principal="olga", route="POST /ops/deliveries/drop", key="k", digest=b"d")
    await desk.drop(OPERATOR, ALL_OF_ONE, note="no", request=request)
    await desk.publish((3, 3))
    (third,) = await desk.die(3)
    with pytest.raises(AnsweredBefore):
        await desk.drop(OPERATOR, ALL_OF_ONE, note="no", request=request)
    assert (await desk.get(OPERATOR, "one", third)).state == "dead"
