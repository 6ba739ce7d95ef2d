"""The consumer process between the mock broker and a store."""

import asyncio
import time

from adapters.embedded.kafka import MockBroker
from core.inventory.api import MovementFlag, MovementStatus
from core.kernel.errors import Unavailable
from tests.support.consumer_process import Scene
from tests.support.events import World, message_of, sample
from tests.support.eventually import eventually


async def test_the_samples_of_the_assignment(scene: Scene) -> None:
    await scene.start()
    await scene.publish(sample("departure"), b"3423")
    await scene.publish(sample("arrival"), b"3322")
    await scene.until_done()
    assert await scene.quarantine() == []


async def test_two_halves_on_two_partitions_make_one_movement(scene: Scene) -> None:
    world = World()
    await scene.adjust(world.warehouse(1), world.product(), 100)
    departed = await scene.publish(message_of(world.departure(1, 100)), b"a")
    arrived = await scene.publish(message_of(world.arrival(1, 98)), b"d")
    assert departed.partition != arrived.partition
    await scene.start()
    await scene.until_done()
    view = await scene.movement(world.movement())
    assert (view.matched, view.status, view.quantity_diff, view.shortage) == (True, MovementStatus.COMPLETED, 2, 2)
    assert await scene.stock(world.warehouse(1), world.product()) == 0
    assert await scene.stock(world.warehouse(2), world.product()) == 98


async def test_a_departure_without_stock_waits_until_goods_arrive(scene: Scene) -> None:
    world = World()
    await scene.start()
    await scene.publish(message_of(world.departure(1, 100)))
    await scene.until_done()
    assert MovementFlag.DEPARTURE_PARKED in (await scene.movement(world.movement())).flags
    await scene.publish(message_of(world.arrival(2, 130, warehouse=1)))
    await scene.until_stock(world.warehouse(1), world.product(), 30)
    view = await scene.movement(world.movement())
    assert (view.status, view.flags) == (MovementStatus.IN_TRANSIT, [])


async def test_a_group_set_back_to_the_start_changes_nothing(scene: Scene) -> None:
    world = World()
    for n in range(40):
        await scene.publish(message_of(world.arrival(n, 10, warehouse=n % 3, product=n % 5)), str(n).encode())
        await scene.publish(
            message_of(world.departure(100 + n, 12, warehouse=7 + n % 2, product=n % 5)), str(n).encode()
        )
    await scene.publish(b"{")
    await scene.publish(message_of(world.arrival(1, 11, warehouse=1, product=1)))
    await scene.start()
    await scene.until_done()
    await scene.end()
    before = await scene.tables()
    await scene.forget_offsets()
    await scene.start()
    await scene.until_done()
    assert (await scene.get("/metrics")).text.count('soty_consumer_messages_total{outcome="duplicate"} 80.0') == 1
    await scene.end()
    assert await scene.tables() == before


async def test_offsets_that_never_reached_kafka_apply_nothing_twice(scene: Scene) -> None:
    world = World()
    scene.forgets = True
    await scene.publish(message_of(world.arrival(1, 10)))
    await scene.publish(message_of(world.arrival(1, 11)))
    await scene.start()
    await scene.until_quarantined(1)
    await scene.end()
    assert await scene.log.unfinished() == 2
    before = await scene.tables()
    scene.forgets = False
    await scene.start()
    await scene.until_done()
    assert await scene.tables() == before


async def test_waits_for_a_store_that_is_away_and_loses_nothing(scene: Scene) -> None:
    world = World()
    await scene.start()
    assert await scene.is_ready()
    scene.faults.opening = [Unavailable(part="store", error="refused") for _ in range(5)]
    await scene.publish(message_of(world.arrival(1, 10)))
    await eventually(lambda: len(scene.faults.opening) < 5)
    assert not await scene.is_ready()
    assert await scene.log.unfinished() == 1
    await scene.until_stock(world.warehouse(2), world.product(), 10)
    await eventually(scene.is_ready)
    await scene.until_done()


async def test_a_commit_whose_answer_was_lost_is_not_applied_twice(scene: Scene) -> None:
    world = World()
    scene.faults.closing = [Unavailable(part="store", error="reset")]
    await scene.publish(message_of(world.arrival(1, 10)))
    await scene.start()
    await scene.until_done()
    assert await scene.stock(world.warehouse(2), world.product()) == 10


async def test_a_stop_finishes_what_is_under_way_and_is_quick(scene: Scene) -> None:
    world = World()
    await scene.start()
    scene.faults.gate.clear()
    await scene.publish(message_of(world.arrival(1, 10)))
    await eventually(lambda: scene.faults.opened == 1)
    scene.stop.set()
    assert (await scene.get("/health/ready")).status_code == 503
    scene.faults.gate.set()
    started = time.monotonic()
    await scene.end()
    assert time.monotonic() - started < 8
    assert await scene.log.unfinished() == 0
    assert await scene.stock(world.warehouse(2), world.product()) == 10


async def test_shows_what_waits_and_what_was_done(scene: Scene) -> None:
    world = World()
    await scene.publish(b"{")
    await scene.publish(message_of(world.departure(1, 10)))
    await scene.publish(message_of(world.arrival(2, 10)))
    await scene.start()
    await scene.until_done()
    wanted = {
        'soty_consumer_messages_total{outcome="applied"} 1.0',
        'soty_consumer_messages_total{outcome="parked"} 1.0',
        'soty_consumer_messages_total{outcome="rejected"} 1.0',
        'soty_inventory_quarantined_total{door="kafka",reason="not_json"} 1.0',
        f'soty_consumer_lag{{topic="{scene.log.topic}"}} 0.0',
    }

    async def shown() -> bool:
        return wanted <= set((await scene.get("/metrics")).text.splitlines())

    await eventually(shown)


async def test_starts_before_there_is_a_broker_and_survives_its_absence(scene: Scene, mock_kafka: MockBroker) -> None:
    world = World()
    mock_kafka.set_down(down=True)
    try:
        await scene.start(wait=False)
        await asyncio.sleep(0.5)
        assert not scene.url
    finally:
        mock_kafka.set_down(down=False)
    await eventually(lambda: scene.url)
    await scene.publish(message_of(world.arrival(1, 10)))
    await scene.until_stock(world.warehouse(2), world.product(), 10)
    mock_kafka.set_down(down=True)
    await asyncio.sleep(1)
    mock_kafka.set_down(down=False)
    await scene.publish(message_of(world.arrival(2, 10)))
    await scene.until_stock(world.warehouse(2), world.product(), 20)
    await scene.until_done()


async def test_a_stop_is_quick_while_the_broker_is_away(scene: Scene, mock_kafka: MockBroker) -> None:
    await scene.start()
    await scene.publish(message_of(World().arrival(1, 10)))
    await scene.until_done()
    mock_kafka.set_down(down=True)
    try:
        started = time.monotonic()
        await scene.end()
        assert time.monotonic() - started < 8
    finally:
        mock_kafka.set_down(down=False)
