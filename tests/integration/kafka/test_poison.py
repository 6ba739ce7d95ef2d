"""Messages that cannot be applied stop nothing and are never lost."""

from collections.abc import Callable

import pytest

from core.inventory.api import Reason
from core.inventory.domain.movement import MovementEvent
from core.kernel.messages import Record
from tests.support.consumer_process import Scene, bytes_of
from tests.support.events import World, message_of
from tests.support.eventually import eventually
from tests.support.poison import CONTRADICTING, UNREADABLE, changed

Make = Callable[[MovementEvent], bytes | None]


async def assert_quarantined(scene: Scene, sent: list[tuple[Reason, Record]]) -> None:
    items = await scene.until_quarantined(len(sent))
    kept = [(i.reason, bytes_of(i), i.origin.topic, i.origin.partition, i.origin.offset, i.times) for i in items]
    wanted = [(reason, r.value, r.topic, r.partition, r.offset, 1) for reason, r in sent]
    assert sorted(kept, key=repr) == sorted(wanted, key=repr)


async def test_each_is_kept_once_with_its_bytes_and_place_and_the_next_good_one_is_applied_within_a_second(
    scene: Scene,
) -> None:
    world, sent, stock = World(), [], 0
    await scene.start()
    first = world.arrival(1, 10, source=3322, envelope=1)
    await scene.publish(message_of(first))
    poison = [*UNREADABLE.values(), *CONTRADICTING.values()]
    for n, (reason, make) in enumerate(poison, start=2):
        event = first if (reason, make) in CONTRADICTING.values() else world.arrival(n, 10, source=3322, envelope=n)
        sent.append((reason, await scene.publish(make(event))))
        stock += 10
        await scene.publish(message_of(world.arrival(100 + n, 10)))
        await scene.until_stock(world.warehouse(2), world.product(), stock + 10, seconds=1)
    await assert_quarantined(scene, sent)
    await scene.until_done()


async def test_halves_that_do_not_fit_are_kept(scene: Scene) -> None:
    world = World()
    await scene.start()
    await scene.publish(message_of(world.arrival(1, 10)))
    await scene.publish(message_of(world.arrival(2, 10)))
    other_product = await scene.publish(message_of(world.departure(1, 10, product=2)))
    same_place = await scene.publish(message_of(world.departure(2, 10, warehouse=2)))
    await assert_quarantined(scene, [(Reason.PRODUCT_MISMATCH, other_product), (Reason.SAME_WAREHOUSE, same_place)])
    assert await scene.stock(world.warehouse(2), world.product()) == 20


@pytest.mark.parametrize("kind", ["other quantity", "subject of another event"])
async def test_all_wrong_in_one_batch(scene: Scene, kind: str) -> None:
    world = World()
    good = world.arrival(1, 10)
    reason, make = (CONTRADICTING | UNREADABLE)[kind]
    await scene.publish(message_of(good))
    sent = [(reason, await scene.publish(make(good))) for _ in range(30)]
    await scene.start()
    await assert_quarantined(scene, sent)
    await scene.until_stock(world.warehouse(2), world.product(), 10)


async def test_a_message_that_finds_a_bug_is_set_aside_and_holds_up_nothing(scene: Scene) -> None:
    world = World()
    scene.faults.breakers = {world.movement(2)}
    for n in (1, 2, 3):
        record = await scene.publish(message_of(world.arrival(n, 10)))
    await scene.start()
    await scene.until_stock(world.warehouse(2), world.product(), 20)
    [item] = await scene.until_quarantined(1)
    assert (item.reason, item.origin.offset) == (Reason.UNPROCESSABLE, record.offset - 1)
    await eventually(scene.is_ready)


async def test_foreign_attributes_are_no_poison(scene: Scene) -> None:
    world = World()
    await scene.start()
    await scene.publish(changed(world.arrival(1, 10), {"traceparent": "00-1-2-01", "time": "2025-02-18T14:34:56Z"}))
    await scene.until_stock(world.warehouse(2), world.product(), 10)
    assert await scene.quarantine() == []
