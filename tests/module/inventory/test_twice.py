"""Whatever comes twice, with keys mixed, leaves what it leaves when it comes once."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from adapters.memory.clock import FakeClock
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from adapters.memory.outbox import MemoryLanes, MemoryOutboxReader
from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryWork
from contracts.ports.lanes import fact
from core.inventory.domain.movement import MovementEvent, Outcome
from core.inventory.events import StockAdjusted
from core.kernel.outbox import Subscriptions
from core.kernel.relay import ReactionSubscriber, Relay
from tests.module.inventory.test_order import BOUNDED, deliver, picture, supplies, ways
from tests.simulation.outbox import EFFECTS, Mirror
from tests.support.events import World
from tests.support.house import open_house
from tests.support.streams import Said
from tests.support.twice import reacting_twice, twice


def place(event: MovementEvent) -> tuple[object, object]:
    """What a log would key an event by."""
    return event.warehouse_id, event.product_id


@BOUNDED
@given(ways(), st.integers(1, 7), st.randoms(use_true_random=False))
async def test_messages_that_come_twice(said: list[Said], cuts: int, random: Random) -> None:
    world = World()
    whole = [each.of(world) for each in [*supplies(said), *said]]
    async with open_house() as house, open_house() as other:
        answers = await deliver(house, twice(whole, place, random), cuts)
        await deliver(other, whole, len(whole))
        assert await picture(house, world) == await picture(other, world)
        assert Counter(answer.verdict.outcome for answer in answers)[Outcome.DUPLICATE] == len(whole)
        assert sorted(map(str, house.heard)) == sorted(map(str, other.heard))


@BOUNDED
@given(ways(), st.randoms(use_true_random=False))
async def test_short_departures_that_come_twice_and_are_supplied_late(said: list[Said], random: Random) -> None:
    world = World()
    whole = [each.of(world) for each in [*said, *supplies(said)]]
    async with open_house() as house, open_house() as other:
        await deliver(house, twice(whole, place, random), 3)
        await deliver(other, whole, len(whole))
        assert await picture(house, world) == await picture(other, world)


async def test_reactions_that_are_given_a_delivery_twice() -> None:
    store, clock, ids = MemoryStore(), FakeClock(), SeededIds()
    work = OpenMemoryWork(store, MemoryListener(()), Subscriptions({StockAdjusted: (EFFECTS,)}), clock, ids)
    async with work() as unit:
        unit.publish(fact(1, 1), fact(2, 2), fact(1, 3))
    subscriber = ReactionSubscriber(reacting_twice(Mirror(work, ids)), clock)
    assert await Relay(EFFECTS, subscriber, MemoryLanes(store, clock), clock).work() == 3
    assert len(store.committed.audit) == 3
    assert await MemoryOutboxReader(store).backlog() == []
