"""What the outbox promises: deliveries with the commit, in order per key, each done once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from adapters.memory.clock import FakeClock
from core.inventory.events import MessageQuarantined, StockAdjusted
from core.inventory.ports import InventoryWork
from core.kernel.outbox import Delivery, Lanes, Lease, OutboxReader, OutboxUpkeep, Subscriptions, Superseded
from core.kernel.work import OpenWork

MANY = 64
LONG = timedelta(minutes=1)
SUBSCRIPTIONS = Subscriptions({StockAdjusted: ("one", "two"), MessageQuarantined: ("one",)})


@dataclass
class OutboxSubject:
    """The outbox of one adapter over an empty store; ``StockAdjusted`` has the subscribers ``one`` and ``two``.

    ``MessageQuarantined``, which has no key, has ``one``.
    """

    open_work: OpenWork[InventoryWork]
    lanes: Lanes
    reader: OutboxReader
    upkeep: OutboxUpkeep
    clock: FakeClock
    another: Callable[[], Awaitable[Lanes]]

    async def publish(self, *numbers: tuple[int, int]) -> None:
        """Commit facts, each of a stock and with a number."""
        async with self.open_work() as work:
            work.publish(*(fact(stock, number) for stock, number in numbers))

    async def lease(self) -> Lease:
        """All lanes of ``one`` that have something due."""
        lease = await self.lanes.claim("one", MANY)
        assert lease is not None
        return lease

    async def take(self) -> list[Delivery]:
        """What is due for ``one``, in lanes that stay leased."""
        return await self.lanes.next(await self.lease(), 100)


def fact(stock: int, number: int) -> StockAdjusted:
    """A fact about a stock; ``delta`` is its number."""
    return StockAdjusted(
        adjustment_id=UUID(int=number),
        warehouse_id=UUID(int=stock),
        product_id=UUID(int=stock),
        delta=number,
        balance_after=0,
        reason="count",
    )


def told(deliveries: list[Delivery]) -> list[int]:
    """The numbers of facts in the order of their delivery."""
    return [delivery.fact(StockAdjusted).delta for delivery in deliveries]


class LanesSuite:
    """Leases, fences, order per key."""

    @pytest.fixture
    def subject(self) -> OutboxSubject:
        """The outbox of the adapter."""
        raise NotImplementedError

    async def test_a_delivery_for_each_subscriber_in_the_order_of_commits(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1), (1, 2))
        await subject.publish((1, 3))
        assert told(await subject.take()) == [1, 2, 3]
        assert [(each.subscriber, each.pending) for each in await subject.reader.backlog()] == [("one", 3), ("two", 3)]

    async def test_a_fact_without_a_key_has_no_order_with_any_other(self, subject: OutboxSubject) -> None:
        async with subject.open_work() as work:
            work.publish(*[MessageQuarantined(reason="not_json", door="kafka", movement_id=None)] * 2)
        first, second = await subject.take()
        assert [first.key, second.key] == [str(first.id), str(second.id)]
        assert first.key != second.key

    async def test_nothing_without_the_commit(self, subject: OutboxSubject) -> None:
        async def fail() -> None:
            async with subject.open_work() as work:
                work.publish(fact(1, 1))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        assert await subject.lanes.claim("one", MANY) is None

    async def test_what_is_finished_is_not_given_again(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1), (2, 2))
        lease = await subject.lease()
        await subject.lanes.finish(await subject.lanes.next(lease, 100))
        assert await subject.lanes.next(lease, 100) == []
        await subject.lanes.release(lease)
        assert await subject.lanes.claim("one", MANY) is None
        assert await subject.lanes.claim("two", MANY) is not None

    async def test_a_lane_has_one_owner_until_it_is_released(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1))
        lease = await subject.lease()
        assert await subject.lanes.claim("one", MANY) is None
        await subject.lanes.release(lease)
        assert await subject.lanes.claim("one", MANY) is not None

    async def test_a_lease_ends_by_time_and_its_fence_with_it(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1), (1, 2))
        stale = await subject.lease()
        (first, second) = await subject.lanes.next(stale, 100)
        subject.clock.advance(LONG.total_seconds())
        fresh = await subject.lease()
        await subject.lanes.finish([first])
        await subject.lanes.fail(second, "late", None)
        assert await subject.lanes.next(stale, 100) == []
        assert told(await subject.lanes.next(fresh, 100)) == [1, 2]

    async def test_a_lease_lasts_while_it_is_worked(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1))
        lease = await subject.lease()
        for _ in range(3):
            subject.clock.advance(LONG.total_seconds() / 3)
            assert told(await subject.lanes.next(lease, 100)) == [1]
            assert await subject.lanes.claim("one", MANY) is None

    async def test_a_failed_one_holds_back_its_key_and_nothing_else(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1), (1, 2), (2, 3))
        lease = await subject.lease()
        first = next(each for each in await subject.lanes.next(lease, 100) if told([each]) == [1])
        await subject.lanes.fail(first, "no", subject.clock.now() + timedelta(seconds=5))
        assert told(await subject.lanes.next(lease, 100)) == [3]
        await subject.publish((1, 4))
        assert told(await subject.lanes.next(lease, 100)) == [3]
        subject.clock.advance(6)
        again = await subject.lanes.next(lease, 100)
        assert told(again) == [1, 3]
        assert [each.attempts for each in again] == [1, 0]
        await subject.lanes.finish(again)
        assert told(await subject.lanes.next(lease, 100)) == [2, 4]

    async def test_a_dead_one_goes_on_holding_its_key_back(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1), (1, 2), (2, 3))
        lease = await subject.lease()
        first = next(each for each in await subject.lanes.next(lease, 100) if told([each]) == [1])
        await subject.lanes.fail(first, "no", None)
        assert told(await subject.lanes.next(lease, 100)) == [3]
        backlog = (await subject.reader.backlog())[0]
        assert (backlog.pending, backlog.held, backlog.dead, backlog.lanes) == (1, 1, 1, 1)

    async def test_lanes_put_off_rest(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1))
        await subject.lanes.release(await subject.lease(), subject.clock.now() + timedelta(seconds=5))
        assert await subject.lanes.claim("one", MANY) is None
        subject.clock.advance(6)
        assert await subject.lanes.claim("one", MANY) is not None

    async def test_an_effect_and_its_delivery_are_one(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1))
        lease = await subject.lease()
        (delivery,) = await subject.lanes.next(lease, 100)

        async def fail() -> None:
            async with subject.open_work(delivery):
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        async with subject.open_work(delivery) as work:
            work.publish(fact(2, 2))
        with pytest.raises(Superseded):
            async with subject.open_work(delivery):
                pass
        await subject.lanes.release(lease)
        assert told(await subject.take()) == [2]

    async def test_of_many_who_do_one_delivery_at_once_one_has_the_effect(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1))
        (delivery,) = await subject.take()

        async def react(number: int) -> bool:
            try:
                async with subject.open_work(delivery) as work:
                    work.publish(fact(2, number))
            except Superseded:
                return False
            return True

        assert sum(await asyncio.gather(*(react(number) for number in range(10)))) == 1
        subject.clock.advance(LONG.total_seconds())
        assert len(told(await subject.take())) == 1

    async def test_a_late_owner_has_no_effect(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1))
        (stale,) = await subject.take()
        subject.clock.advance(LONG.total_seconds())
        await subject.lease()
        with pytest.raises(Superseded):
            async with subject.open_work(stale):
                pass

    async def test_another_process_shares_the_lanes(self, subject: OutboxSubject) -> None:
        other = await subject.another()
        await subject.publish(*((stock, stock) for stock in range(100)))
        mine, theirs = await asyncio.gather(subject.lanes.claim("one", 16), other.claim("one", 16))
        assert mine is not None
        assert theirs is not None
        assert not set(mine.fences) & set(theirs.fences)

    async def test_old_facts_are_swept_once_they_are_done(self, subject: OutboxSubject) -> None:
        await subject.publish((1, 1))
        subject.clock.advance(LONG.total_seconds())
        assert await subject.upkeep.sweep(subject.clock.now(), 100) == 0
        for name in ("one", "two"):
            lease = await subject.lanes.claim(name, MANY)
            assert lease is not None
            await subject.lanes.finish(await subject.lanes.next(lease, 100))
        assert await subject.upkeep.sweep(subject.clock.now() - 2 * LONG, 100) == 0
        assert await subject.upkeep.sweep(subject.clock.now(), 100) == 1
        assert await subject.reader.backlog() == []
