"""What every unit of work promises."""

import asyncio

import pytest

from contracts.ports.samples import entry, fact, item
from contracts.ports.subject import InventorySuite, Subject
from core.inventory.domain.movement import APPLIED, Reason
from core.inventory.domain.stock import Shortage
from core.inventory.events import DepartureParked, MessageQuarantined, MovementApplied
from core.inventory.ports import InventoryWork
from core.kernel.facts import Fact
from core.kernel.work import FactListener, OpenWork
from tests.support.events import T0, World


async def write_everything(work: InventoryWork, world: World) -> None:
    """Use every repository of a unit of work once, and tell a fact."""
    assert (await work.book.apply([world.arrival(1)], Shortage.PARK, T0)).verdicts == [APPLIED]
    await work.book.adjust(world.adjusting(10))
    await work.quarantine.add([item(world, 1)])
    await work.audit.record([entry(world, 1)])
    work.publish(fact(world, 1))


async def written(subject: Subject, world: World) -> set[str]:
    """Which of those writes a reader sees."""
    seen = {
        "event": await subject.movements.movement(world.movement(1)),
        "adjustment": await subject.quantity(world.warehouse(1), world.product()),
        "item": await subject.quarantine.item(item(world, 1).id),
        "audit": await subject.audit.entries(entry(world, 1).object_id),
        "fact": subject.heard,
    }
    return {name for name, value in seen.items() if value}


EVERYTHING = {"event", "adjustment", "item", "audit", "fact"}


class WorkSuite(InventorySuite):
    """All or nothing, one at a time, facts after the commit."""

    @pytest.fixture
    def open_work(self, subject: Subject) -> OpenWork[InventoryWork]:
        """What opens units of work."""
        return subject.open_work

    async def test_a_clean_exit_keeps_everything(self, subject: Subject, open_work: OpenWork[InventoryWork]) -> None:
        w = World()
        async with open_work() as work:
            await write_everything(work, w)
        assert await written(subject, w) == EVERYTHING

    async def test_nothing_is_seen_before_the_commit(
        self, subject: Subject, open_work: OpenWork[InventoryWork]
    ) -> None:
        w = World()
        async with open_work() as work:
            await write_everything(work, w)
            assert await written(subject, w) == set()

    async def test_an_error_keeps_nothing(self, subject: Subject, open_work: OpenWork[InventoryWork]) -> None:
        w = World()

        async def fail() -> None:
            async with open_work() as work:
                await write_everything(work, w)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        assert await written(subject, w) == set()
        async with open_work() as work:
            await write_everything(work, w)
        assert await written(subject, w) == EVERYTHING

    async def test_a_cancelled_unit_keeps_nothing(self, subject: Subject, open_work: OpenWork[InventoryWork]) -> None:
        w, reached = World(), asyncio.Event()

        async def forever() -> None:
            async with open_work() as work:
                await write_everything(work, w)
                reached.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(forever())
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await written(subject, w) == set()

    async def test_a_unit_sees_what_it_wrote(self, open_work: OpenWork[InventoryWork]) -> None:
        w = World()
        async with open_work() as work:
            await write_everything(work, w)
            assert await work.quarantine.lock(item(w, 1).id) is not None
            assert [each.id for each in await work.quarantine.lock_open(Reason.NOT_JSON, 5)] == [item(w, 1).id]

    async def test_a_unit_inside_another_is_refused(self, subject: Subject, open_work: OpenWork[InventoryWork]) -> None:
        w = World()
        async with open_work() as work:
            with pytest.raises(RuntimeError):
                async with open_work():
                    pytest.fail("a nested unit was opened")
            await write_everything(work, w)
        assert await written(subject, w) == EVERYTHING

    async def test_units_of_other_tasks_go_on(self, subject: Subject, open_work: OpenWork[InventoryWork]) -> None:
        async def one(world: World) -> None:
            async with open_work() as work:
                await write_everything(work, world)

        worlds = [World() for _ in range(8)]
        await asyncio.gather(*map(one, worlds))
        assert [await written(subject, world) for world in worlds] == [EVERYTHING] * 8

    async def test_units_follow_each_other_in_one_task(self, open_work: OpenWork[InventoryWork]) -> None:
        for _ in range(3):
            async with open_work() as work:
                await write_everything(work, World())

    async def test_an_unused_unit_does_nothing(self, subject: Subject, open_work: OpenWork[InventoryWork]) -> None:
        async with open_work():
            pass
        assert subject.heard == []


class FactsSuite(InventorySuite):
    """Facts reach the listener of the process."""

    async def test_wanted_facts_come_in_order(self, subject: Subject) -> None:
        w = World()
        facts = [fact(w, n) for n in range(5)]
        async with subject.open_work() as work:
            work.publish(*facts[:2])
            work.publish()
            work.publish(*facts[2:])
            assert subject.heard == []
        assert subject.heard == facts

    async def test_nobody_hears_what_nobody_wants(self, subject: Subject) -> None:
        w = World()
        unwanted = DepartureParked(
            movement_id=w.movement(), warehouse_id=w.warehouse(), product_id=w.product(), quantity=1
        )
        async with subject.open_work() as work:
            assert work.wanted == {MovementApplied, MessageQuarantined}
            work.publish(unwanted, fact(w, 1), unwanted)
        assert subject.heard == [fact(w, 1)]

    async def test_facts_of_units_do_not_mix(self, subject: Subject) -> None:
        w = World()

        async def tell(first: int) -> None:
            async with subject.open_work() as work:
                for n in range(first, first + 3):
                    work.publish(fact(w, n))
                    await asyncio.sleep(0)

        await asyncio.gather(*(tell(n) for n in range(0, 12, 3)))
        told = subject.heard
        assert {tuple(told[n : n + 3]) for n in range(0, 12, 3)} == {
            tuple(fact(w, k) for k in range(n, n + 3)) for n in range(0, 12, 3)
        }


class FactListenerSuite:
    """A listener takes facts and never fails."""

    @pytest.fixture
    def listener(self) -> FactListener:
        """The listener under test; it wants facts about applied movements."""
        raise NotImplementedError

    def test_it_takes_what_it_wants(self, listener: FactListener) -> None:
        assert MovementApplied in listener.wanted
        facts: list[Fact] = [fact(World(), n) for n in range(3)]
        listener.hear(facts)
        listener.hear([])
