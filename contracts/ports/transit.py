"""What every adapter promises about goods that are under way for too long."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from contracts.ports.subject import InventorySuite, Subject
from core.inventory.domain.movement import APPLIED, DUPLICATE, Outcome
from core.inventory.ports import Cleared
from core.inventory.transit import Overdue, TransitReader, TransitWatch
from core.kernel.errors import InvalidCursor
from tests.support.events import T0, World

HOURS = 10


def after(hours: float) -> datetime:
    """Hours after the first moment of the tests."""
    return T0 + timedelta(hours=hours)


async def mark(subject: Subject, hours: float, most: int = 100) -> list[UUID]:
    """Mark what is overdue by then; the movements that were marked."""
    return [each.movement_id for each in await marked(subject, hours, most)]


async def marked(subject: Subject, hours: float, most: int = 100) -> list[Overdue]:
    """Mark what is overdue by then."""
    async with subject.open_work() as work:
        watch: TransitWatch = work.transit
        return await watch.mark_overdue(after(hours), HOURS, most)


async def limit(subject: Subject, warehouse: UUID, hours: int | None) -> None:
    """Set the limit of a warehouse."""
    async with subject.open_work() as work:
        await work.transit.set_limit(warehouse, hours)


async def listed(subject: Subject) -> list[UUID]:
    """Movements of all pages of the list."""
    found: list[UUID] = []
    cursor = None
    reader: TransitReader = subject.transit
    while True:
        page = await reader.overdue(2, cursor)
        found += [each.movement_id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


class OverdueSuite(InventorySuite):
    """Marks, limits and the list."""

    @pytest.fixture
    async def w(self, subject: Subject) -> World:
        """A hundred pieces in each of two warehouses."""
        w = World()
        await subject.adjust(w.adjusting(100, 1))
        await subject.adjust(w.adjusting(100, 2, warehouse=2))
        return w

    async def test_each_is_marked_once_when_the_limit_is_reached(self, subject: Subject, w: World) -> None:
        await subject.apply(w.departure(1, 4), w.departure(2, minute=1))
        assert await mark(subject, 9.99) == []
        overdue = Overdue(w.movement(1), w.warehouse(1), w.product(), 4, T0, HOURS)
        assert await marked(subject, 10) == [overdue]
        assert await mark(subject, 10) == []
        assert await mark(subject, 11) == [w.movement(2)]
        assert await listed(subject) == [w.movement(1), w.movement(2)]

    async def test_only_what_left_and_has_not_arrived(self, subject: Subject, w: World) -> None:
        await subject.apply(w.departure(1), w.arrival(1), w.departure(2, 1000), w.arrival(3))
        assert await mark(subject, 100) == []
        assert await listed(subject) == []

    async def test_a_departure_that_waited_is_marked_once_it_is_applied(self, subject: Subject, w: World) -> None:
        await subject.apply(w.departure(1, 150))
        assert await mark(subject, 100) == []
        await subject.adjust(w.adjusting(100, 3))
        assert await mark(subject, 100) == [w.movement(1)]

    async def test_the_oldest_first_and_no_more_than_wanted(self, subject: Subject, w: World) -> None:
        await subject.apply(*(w.departure(n, 1, minute=10 - n) for n in range(1, 6)))
        assert await mark(subject, 100, 2) == [w.movement(5), w.movement(4)]
        assert await mark(subject, 100, 2) == [w.movement(3), w.movement(2)]
        assert await mark(subject, 100, 2) == [w.movement(1)]
        assert await listed(subject) == [w.movement(n) for n in (5, 4, 3, 2, 1)]

    async def test_a_warehouse_may_have_a_limit_of_its_own(self, subject: Subject, w: World) -> None:
        await subject.apply(w.departure(1), w.departure(2, warehouse=2), w.departure(3, warehouse=1))
        await limit(subject, w.warehouse(2), 5)
        assert [(each.movement_id, each.limit_hours) for each in await marked(subject, 9)] == [(w.movement(2), 5)]
        await limit(subject, w.warehouse(1), 20)
        assert await mark(subject, 19) == []
        await limit(subject, w.warehouse(1), None)
        assert await mark(subject, 19) == [w.movement(1), w.movement(3)]

    async def test_a_limit_is_kept(self, subject: Subject, w: World) -> None:
        place = w.warehouse(1)
        assert await subject.transit.limit(place) is None
        await limit(subject, place, 7)
        await limit(subject, place, 8)
        assert await subject.transit.limit(place) == 8
        async with subject.open_work() as work:
            assert await work.transit.limit(place) == 8
            assert await work.transit.limit(w.warehouse(9)) is None
        await limit(subject, place, None)
        assert await subject.transit.limit(place) is None

    async def test_a_mark_outlives_a_longer_limit(self, subject: Subject, w: World) -> None:
        await subject.apply(w.departure(1))
        await mark(subject, 10)
        await limit(subject, w.warehouse(1), 1000)
        assert await mark(subject, 11) == []
        assert await listed(subject) == [w.movement(1)]

    async def test_an_arrival_takes_the_mark_off_and_says_so_once(self, subject: Subject, w: World) -> None:
        await subject.apply(w.departure(1, product=1), w.departure(2))
        await mark(subject, 10)
        booked = await subject.book(w.arrival(1, warehouse=3), w.arrival(1, warehouse=3))
        assert booked.cleared == [Cleared(w.movement(1), w.warehouse(1), w.product())]
        assert (await subject.book(w.arrival(1, warehouse=3))).cleared == []
        assert await listed(subject) == [w.movement(2)]

    async def test_an_arrival_in_time_clears_nothing(self, subject: Subject, w: World) -> None:
        await subject.apply(w.departure(1))
        assert (await subject.book(w.arrival(1))).cleared == []

    async def test_what_is_rejected_or_repeated_leaves_the_mark(self, subject: Subject, w: World) -> None:
        await subject.apply(w.departure(1))
        await mark(subject, 10)
        wrong = await subject.book(w.arrival(1, warehouse=1), w.arrival(1, product=2), w.departure(1))
        assert [verdict.outcome for verdict in wrong.verdicts[:2]] == [Outcome.REJECTED] * 2
        assert wrong.verdicts[2] == DUPLICATE
        assert wrong.cleared == []
        assert await listed(subject) == [w.movement(1)]
        assert await mark(subject, 11) == []
        assert len((await subject.book(w.arrival(1))).cleared) == 1

    async def test_what_is_rolled_back_is_not_marked(self, subject: Subject, w: World) -> None:
        await subject.apply(w.departure(1))
        with suppress(ZeroDivisionError):
            async with subject.open_work() as work:
                await work.transit.mark_overdue(after(10), HOURS, 10)
                raise ZeroDivisionError
        assert await mark(subject, 10) == [w.movement(1)]

    async def test_sweeps_and_arrivals_at_once(self, subject: Subject, w: World) -> None:
        count = 40
        await subject.apply(*(w.departure(n, 1) for n in range(1, count + 1)))
        arrivals = [subject.book(w.arrival(n, 1)) for n in range(1, count + 1, 2)]
        rest, sweeps = await asyncio.gather(
            asyncio.gather(*arrivals), asyncio.gather(*(mark(subject, 10, 30) for _ in range(3)))
        )
        found = [movement for sweep in sweeps for movement in sweep]
        assert len(found) == len(set(found))
        cleared = {each.movement_id for booked in rest for each in booked.cleared}
        assert all(booked.verdicts == [APPLIED] for booked in rest)
        found += await mark(subject, 10)
        assert len(found) == len(set(found))
        left = {w.movement(n) for n in range(2, count + 1, 2)}
        assert set(found) - cleared == left == set(await listed(subject))
        assert cleared <= set(found)

    async def test_only_its_own_cursors(self, subject: Subject, w: World) -> None:
        await subject.apply(w.departure(1), w.departure(2))
        other = (await subject.movements.in_transit(None, None, 1, None)).next_cursor
        with pytest.raises(InvalidCursor):
            await subject.transit.overdue(1, other)
