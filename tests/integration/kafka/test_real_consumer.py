"""The consumer on a real Apache Kafka: other members of its group, and a broker that goes away."""

import asyncio

import pytest

from adapters.kafka.source import REVOKE_LIMIT, KafkaMessageSource
from contracts.ports.message_source import some
from core.kernel.errors import Unavailable
from tests.support.consumer_process import Scene
from tests.support.events import World, message_of
from tests.support.eventually import eventually
from tests.support.kafka_log import SESSION_MS
from tests.support.poison import UNREADABLE
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.broker


def other_member(scene: Scene) -> KafkaMessageSource:
    return KafkaMessageSource(scene.settings.kafka, session_ms=SESSION_MS)


async def duplicates(scene: Scene) -> bool:
    return 'outcome="duplicate"' in (await scene.get("/metrics")).text


async def until_joined(member: KafkaMessageSource) -> None:
    async with asyncio.timeout(30):
        while not member.joined:
            await member.next_batch()


async def test_a_rebalance_waits_for_the_batch_in_hand(real_scene: Scene) -> None:
    scene, world = real_scene, World()
    await scene.start()
    scene.faults.gate.clear()
    await scene.publish(message_of(world.arrival(1, 10)))
    await eventually(lambda: scene.faults.opened == 1)
    other = other_member(scene)
    joining = asyncio.create_task(until_joined(other))
    await asyncio.sleep(2)
    assert not other.joined
    scene.faults.gate.set()
    await joining
    await other.close()
    await scene.until_done()
    assert not await duplicates(scene)


async def test_a_batch_that_waits_for_the_store_goes_to_another_member_in_the_end(real_scene: Scene) -> None:
    scene, world = real_scene, World()
    await scene.start()
    scene.faults.opening = [Unavailable(part="store", error="refused") for _ in range(1000)]
    sent = [await scene.publish(message_of(world.arrival(1, 10)), key) for key in (b"a", b"d")]
    assert sent[0].partition != sent[1].partition
    await eventually(lambda: scene.faults.opened > 0)
    other = other_member(scene)
    async with asyncio.timeout(REVOKE_LIMIT * 2):
        batch = await some(other)
    assert set(batch) <= set(sent)
    scene.faults.opening.clear()
    await other.close()
    await scene.until_done()
    assert await scene.stock(world.warehouse(2), world.product()) == 10


async def test_members_that_come_and_go_lose_nothing(real_scene: Scene) -> None:
    scene, world = real_scene, World()
    await scene.start()
    for n in range(5):
        for m in range(100):
            await scene.publish(message_of(world.arrival(100 * n + m, 1)), str(m).encode())
        other = other_member(scene)
        await until_joined(other)
        await other.next_batch()
        await other.close()
    await scene.until_done()
    assert await scene.stock(world.warehouse(2), world.product()) == 500
    assert await scene.is_ready()


async def test_goes_on_after_the_broker_was_away(real_scene: Scene, real_kafka: RealKafka) -> None:
    scene, world = real_scene, World()
    await scene.start()
    await scene.publish(message_of(world.arrival(1, 10)))
    await scene.until_done()
    await asyncio.to_thread(real_kafka.stop)
    await asyncio.sleep(3)
    await asyncio.to_thread(real_kafka.start)
    await scene.publish(message_of(world.arrival(2, 10)))
    await scene.until_stock(world.warehouse(2), world.product(), 20, seconds=15)
    await scene.until_done()


async def test_poison_between_good_messages(real_scene: Scene) -> None:
    scene, world = real_scene, World()
    await scene.start()
    for n, (_, make) in enumerate(UNREADABLE.values()):
        await scene.publish(make(world.arrival(1000 + n, 10)))
        await scene.publish(message_of(world.arrival(n, 10)))
    await scene.until_stock(world.warehouse(2), world.product(), 10 * len(UNREADABLE), seconds=1)
    assert [item.times for item in await scene.until_quarantined(len(UNREADABLE))] == [1] * len(UNREADABLE)
