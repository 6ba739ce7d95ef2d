"""The relay over memory: order per key, back-off, dead letters, leases that are lost, and waking."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from adapters.memory.outbox import MemoryBell, MemoryLanes
from contracts.ports.lanes import LONG
from core.inventory.events import StockAdjusted
from core.kernel.audit import AuditEntry
from core.kernel.outbox import Delivery, Lease
from core.kernel.relay import ATTEMPTS, ERROR_LENGTH, FIRST_WAIT, ReactionSubscriber, Relay, Taken, Undeliverable
from entrypoints.shared import relaying
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.relaying import Relaying
from tests.support.desk import OPERATOR, Desk
from tests.support.eventually import eventually

TINY = timedelta(milliseconds=1)


async def waits_of(desk: Desk, number: int) -> list[timedelta]:
    """Let the fact of a number fail until it is dead; the time that the relay waits after each attempt."""
    desk.subscriber.poison.add(number)
    waits = list[timedelta]()
    while True:
        await desk.relay.work()
        (failed,) = (await desk.list(OPERATOR, failed=True)).items
        if failed.state == "dead":
            return waits
        waits.append(failed.due_at - desk.clock.now())
        desk.clock.advance((waits[-1] - TINY).total_seconds())
        assert await desk.relay.work() == 0
        desk.clock.advance(TINY.total_seconds())


async def test_it_waits_longer_after_each_attempt_and_never_too_long(desk: Desk) -> None:
    await desk.publish((1, 1))
    waits = await waits_of(desk, 1)
    assert len(waits) == ATTEMPTS - 1
    for attempt, wait in enumerate(waits):
        longest = FIRST_WAIT * 2**attempt
        assert longest / 2 <= wait <= longest
    assert max(waits) <= timedelta(seconds=32)


async def test_what_failed_together_does_not_come_back_together(desk: Desk) -> None:
    await desk.publish(*((stock, stock) for stock in range(20)))
    desk.subscriber.poison |= set(range(20))
    for _ in range(4):
        await desk.relay.work()
    due = [failed.due_at for failed in (await desk.list(OPERATOR, failed=True)).items]
    assert len(due) == len(set(due)) == 20


async def test_after_the_last_attempt_it_is_dead_with_the_reason(desk: Desk) -> None:
    await desk.publish((1, 1))
    (seq,) = await desk.die(1)
    dead = await desk.get(OPERATOR, "one", seq)
    assert (dead.state, dead.attempts, dead.error) == ("dead", ATTEMPTS, "ValueError: no 1")


async def test_a_long_reason_is_cut(desk: Desk) -> None:
    async def fail(_: Delivery) -> None:
        raise ValueError("x" * 10_000)

    await desk.publish((1, 1))
    await Relay("one", ReactionSubscriber(fail, desk.clock), desk.lanes, desk.clock).work()
    (failed,) = (await desk.list(OPERATOR, failed=True)).items
    assert failed.error is not None
    assert len(failed.error) == ERROR_LENGTH


async def test_what_can_never_be_taken_is_dead_at_once(desk: Desk) -> None:
    async def refuse(_: Delivery) -> None:
        raise Undeliverable(reason="550 5.1.1")

    await desk.publish((1, 1))
    await Relay("one", ReactionSubscriber(refuse, desk.clock), desk.lanes, desk.clock).work()
    (dead,) = (await desk.list(OPERATOR, failed=True)).items
    assert (dead.state, dead.attempts, dead.error) == (
        "dead",
        1,
        "Undeliverable: kernel.undeliverable(reason='550 5.1.1')",
    )


async def test_a_reaction_may_wait_longer_than_others(desk: Desk) -> None:
    async def fail(_: Delivery) -> None:
        raise ValueError

    await desk.publish((1, 1))
    patient = Relay("one", ReactionSubscriber(fail, desk.clock), desk.lanes, desk.clock, timedelta(seconds=15))
    await patient.work()
    (failed,) = (await desk.list(OPERATOR, failed=True)).items
    assert timedelta(seconds=7.5) <= failed.due_at - desk.clock.now() <= timedelta(seconds=15)


async def test_a_poison_fact_holds_back_its_key_alone(desk: Desk) -> None:
    await desk.publish(*((number % 10, number) for number in range(100)))
    await desk.die(23)
    taken = desk.subscriber.taken
    assert sorted(set(range(100)) - set(taken)) == list(range(23, 100, 10))
    assert all(_in_order(taken, key) for key in range(10))


async def test_several_relays_share_the_lanes_and_lose_nothing(desk: Desk) -> None:
    await desk.publish(*((number % 50, number) for number in range(500)))
    relays = [Relay("one", desk.subscriber, MemoryLanes(desk.store, desk.clock), desk.clock) for _ in range(4)]
    while any(await asyncio.gather(*(relay.work() for relay in relays))):
        pass
    assert sorted(desk.subscriber.taken) == list(range(500))
    assert all(_in_order(desk.subscriber.taken, key, of=50) for key in range(50))
    assert [each.subscriber for each in await desk.backlog(OPERATOR)] == ["two"]


async def test_while_the_subscriber_is_away_nothing_is_held_against_facts(desk: Desk) -> None:
    await desk.publish((1, 1))
    desk.subscriber.away = True
    for _ in range(2 * ATTEMPTS):
        assert await desk.relay.work() == 0
        desk.clock.advance(FIRST_WAIT.total_seconds())
    assert (await desk.list(OPERATOR, failed=True)).items == []
    desk.subscriber.away = False
    assert await desk.relay.work() == 1


class Mirror:
    """A reaction whose effect is an entry of the trail; ``between`` is done before the unit of work is opened."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.between: Callable[[], Awaitable[object]] | None = None

    async def __call__(self, delivery: Delivery) -> None:
        if self.between is not None:
            between, self.between = self.between, None
            await between()
        async with self._desk.open_work(delivery) as work:
            entry = AuditEntry(
                id=delivery.id,
                at=delivery.occurred_at,
                actor="mirror",
                action="tests.mirror",
                object_id="mirror",
                details={"number": delivery.fact(StockAdjusted).delta, "fence": delivery.fence},
            )
            await work.audit.record([entry])

    async def effects(self) -> list[int]:
        """Numbers of the facts in the order of their effects."""
        rows = self._desk.store.committed.audit.values()
        return [row.details["number"] for row in rows if row.actor == "mirror"]


def reacting(desk: Desk, mirror: Mirror) -> Relay:
    return Relay("one", ReactionSubscriber(mirror, desk.clock), MemoryLanes(desk.store, desk.clock), desk.clock)


async def test_a_relay_that_lost_its_lease_in_the_middle_has_no_effect(desk: Desk) -> None:
    await desk.publish((1, 1), (1, 2), (1, 3))
    slow, quick = Mirror(desk), Mirror(desk)

    async def be_late() -> None:
        desk.clock.advance(LONG.total_seconds())
        assert await reacting(desk, quick).work() == 3

    slow.between = be_late
    await reacting(desk, slow).work()
    assert await slow.effects() == [1, 2, 3]
    assert {row.details["fence"] for row in desk.store.committed.audit.values()} == {2}
    assert (await desk.list(OPERATOR, subscriber="one")).items == []


async def test_one_that_lost_its_lease_cannot_say_that_a_fact_failed(desk: Desk) -> None:
    await desk.publish((1, 1))
    lease = await desk.lanes.claim("one", 64)
    assert isinstance(lease, Lease)
    (delivery,) = await desk.lanes.next(lease, 10)
    desk.clock.advance(LONG.total_seconds())
    assert await desk.lanes.claim("one", 64) is not None
    await desk.relay._settle(Taken(failed=[(delivery, ValueError("late"))]))
    assert (await desk.list(OPERATOR, failed=True)).items == []


@pytest.fixture
def relays(desk: Desk) -> Relaying:
    """Two relays and their bell."""
    return Relaying([desk.relay, desk.relay], MemoryBell(desk.store), Metrics())


async def test_a_commit_wakes_the_relay_long_before_the_poll(
    desk: Desk, relays: Relaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "POLL_SECONDS", 3600.0)
    stop = asyncio.Event()
    running = asyncio.create_task(relays.run(stop))
    for number in (1, 2, 3):
        await desk.publish((1, number))
        await eventually(partial(desk.subscriber.taken.__contains__, number))
    stop.set()
    await running
    assert desk.subscriber.taken == [1, 2, 3]


async def test_without_a_ring_the_poll_finds_what_is_due(
    desk: Desk, relays: Relaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(desk.store, "ring", lambda: None)
    stop = asyncio.Event()
    running = asyncio.create_task(relays.run(stop))
    desk.subscriber.poison.add(1)
    await desk.publish((1, 1), (1, 2))
    await eventually(lambda: _failed(desk))
    desk.subscriber.poison.clear()
    desk.clock.advance(LONG.total_seconds())
    await eventually(lambda: 2 in desk.subscriber.taken)
    stop.set()
    await running
    assert desk.subscriber.taken == [1, 2]


def _in_order(taken: Sequence[int], key: int, of: int = 10) -> bool:
    mine = [number for number in taken if number % of == key]
    return all(first < second for first, second in pairwise(mine))


async def _failed(desk: Desk) -> bool:
    return bool((await desk.list(OPERATOR, failed=True)).items)
