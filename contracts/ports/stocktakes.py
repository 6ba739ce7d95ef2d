"""What every adapter promises about stocktakes."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest

from contracts.ports.paging import Read, hold_pages, refuse_nonsense
from contracts.ports.subject import InventorySuite, Subject
from core.inventory.api import StocktakeLine, StocktakeState, StocktakeView
from core.inventory.stocktakes import StocktakeReader, Stocktakes
from core.kernel.work import again_if_contended
from tests.support.events import T0, World

LATER = T0 + timedelta(hours=1)


def number(world: World, n: int) -> UUID:
    """The id of stocktake ``n``."""
    return UUID(int=9 << 120 | world.number << 64 | n)


def begun(world: World, n: int, warehouse: int = 1) -> StocktakeView:
    """Stocktake ``n`` as it is opened."""
    return StocktakeView(
        id=number(world, n),
        warehouse_id=world.warehouse(warehouse),
        state=StocktakeState.OPEN,
        note=f"note {n}",
        version=1,
        lines=0,
        surplus=0,
        shortage=0,
        opened_at=T0,
        opened_by="keeper",
        ended_at=None,
        ended_by=None,
    )


async def begin(subject: Subject, world: World, n: int, warehouse: int = 1) -> bool:
    """Open stocktake ``n`` in a unit of work of its own."""

    async def attempt() -> bool:
        async with subject.open_work() as work:
            kept: Stocktakes = work.stocktakes
            return await kept.add(number(world, n), world.warehouse(warehouse), f"note {n}", "keeper", T0)

    return await again_if_contended(attempt)


async def count(subject: Subject, stocktake: UUID, counted: Mapping[UUID, int]) -> list[StocktakeLine]:
    """Count in a unit of work of its own."""
    async with subject.open_work() as work:
        assert await work.stocktakes.lock(stocktake) is not None
        return await work.stocktakes.count(stocktake, counted, "counter", LATER)


async def end(subject: Subject, stocktake: UUID, state: StocktakeState) -> None:
    """End in a unit of work of its own."""
    async with subject.open_work() as work:
        assert await work.stocktakes.lock(stocktake) is not None
        await work.stocktakes.end(stocktake, state, "closer", LATER)


class StocktakesSuite(InventorySuite):
    """Stocktakes opened, counted, ended and read."""

    @pytest.fixture
    def reader(self, subject: Subject) -> StocktakeReader:
        """What reads stocktakes."""
        assert subject.stocktakes is not None
        return subject.stocktakes

    def _list(
        self, reader: StocktakeReader, warehouse_id: UUID | None = None, state: StocktakeState | None = None
    ) -> Read:
        return lambda limit, cursor: reader.stocktakes(warehouse_id, state, limit, cursor)

    def _lines(self, reader: StocktakeReader, stocktake: UUID) -> Read:
        return lambda limit, cursor: reader.lines(stocktake, limit, cursor)

    async def test_nothing(self, subject: Subject, reader: StocktakeReader) -> None:
        unknown = number(World(), 1)
        assert await reader.stocktake(unknown) is None
        await hold_pages(self._list(reader), [])
        await hold_pages(self._lines(reader, unknown), [])
        async with subject.open_work() as work:
            assert await work.stocktakes.lock(unknown) is None
            assert await work.stocktakes.lines(unknown) == []

    async def test_one_is_open_in_a_warehouse(self, subject: Subject, reader: StocktakeReader) -> None:
        w = World()
        assert [await begin(subject, w, 1), await begin(subject, w, 2), await begin(subject, w, 3, 2)] == [
            *(True, False),
            True,
        ]
        assert await reader.stocktake(number(w, 1)) == begun(w, 1)
        assert await reader.stocktake(number(w, 2)) is None
        await end(subject, number(w, 1), StocktakeState.CANCELLED)
        assert await begin(subject, w, 4)

    async def test_of_many_at_once_one_is_opened(self, subject: Subject, reader: StocktakeReader) -> None:
        w = World()
        opened = await asyncio.gather(*(begin(subject, w, n) for n in range(8)))
        assert sorted(opened) == [False] * 7 + [True]
        assert len((await reader.stocktakes(w.warehouse(1), None, 10, None)).items) == 1

    async def test_a_count_is_kept_beside_the_stock(self, subject: Subject, reader: StocktakeReader) -> None:
        w = World()
        await subject.adjust_all(w.adjusting(10, 1), w.adjusting(5, 2, product=2), w.adjusting(7, 3, warehouse=2))
        await begin(subject, w, 1)
        counted = {w.product(3): 2, w.product(1): 8, w.product(2): 6}
        lines = await count(subject, number(w, 1), counted)
        assert lines == [
            StocktakeLine(w.product(1), 8, 10, -2, LATER, "counter"),
            StocktakeLine(w.product(2), 6, 5, 1, LATER, "counter"),
            StocktakeLine(w.product(3), 2, 0, 2, LATER, "counter"),
        ]
        view = await reader.stocktake(number(w, 1))
        assert view is not None
        assert (view.version, view.lines, view.surplus, view.shortage) == (2, 3, 3, 2)
        await hold_pages(self._lines(reader, number(w, 1)), lines)
        async with subject.open_work() as work:
            assert await work.stocktakes.lines(number(w, 1)) == lines
        assert await subject.quantity(w.warehouse(1), w.product(1)) == 10

    async def test_what_is_counted_again_meets_the_stock_of_then(
        self, subject: Subject, reader: StocktakeReader
    ) -> None:
        w = World()
        await subject.adjust(w.adjusting(10))
        await begin(subject, w, 1)
        await count(subject, number(w, 1), {w.product(1): 8, w.product(2): 0})
        await subject.refuse(w.departure(1, 4))
        (line,) = await count(subject, number(w, 1), {w.product(1): 7})
        assert (line.counted, line.on_hand, line.difference) == (7, 6, 1)
        view = await reader.stocktake(number(w, 1))
        assert view is not None
        assert (view.version, view.lines, view.surplus, view.shortage) == (3, 2, 1, 0)

    async def test_the_end_is_kept(self, subject: Subject, reader: StocktakeReader) -> None:
        w = World()
        await begin(subject, w, 1)
        await end(subject, number(w, 1), StocktakeState.CLOSED)
        view = await reader.stocktake(number(w, 1))
        assert view is not None
        assert (view.state, view.version, view.ended_at, view.ended_by) == (StocktakeState.CLOSED, 2, LATER, "closer")

    async def test_counts_at_once_follow_one_another(self, subject: Subject, reader: StocktakeReader) -> None:
        w = World()
        await begin(subject, w, 1)
        await asyncio.gather(*(count(subject, number(w, 1), {w.product(n): 1, w.product(9): n}) for n in range(8)))
        view = await reader.stocktake(number(w, 1))
        assert view is not None
        assert (view.version, view.lines) == (9, 9)
        lines = (await reader.lines(number(w, 1), 10, None)).items
        assert view.surplus == sum(line.counted for line in lines)

    async def test_of_many_who_find_it_open_at_once_one_ends_it(self, subject: Subject) -> None:
        w = World()
        await begin(subject, w, 1)

        async def end_if_open() -> bool:
            async with subject.open_work() as work:
                view = await work.stocktakes.lock(number(w, 1))
                assert view is not None
                if view.state is not StocktakeState.OPEN:
                    return False
                await work.stocktakes.end(view.id, StocktakeState.CLOSED, "closer", LATER)
                return True

        assert sorted(await asyncio.gather(*(end_if_open() for _ in range(8)))) == [False] * 7 + [True]

    async def test_lists_by_warehouse_and_state(self, subject: Subject, reader: StocktakeReader) -> None:
        w = World()
        for n in (1, 2, 3):
            await begin(subject, w, n, n)
        await end(subject, number(w, 2), StocktakeState.CLOSED)
        await begin(subject, w, 4, 2)
        async with subject.open_work() as work:
            closed = await work.stocktakes.lock(number(w, 2))
        newest = [begun(w, 4, 2), begun(w, 3, 3), closed, begun(w, 1, 1)]
        await hold_pages(self._list(reader), newest)
        await hold_pages(self._list(reader, state=StocktakeState.OPEN), [newest[0], newest[1], newest[3]])
        await hold_pages(self._list(reader, w.warehouse(2)), [newest[0], closed])
        await hold_pages(self._list(reader, w.warehouse(2), StocktakeState.CLOSED), [closed])
        await refuse_nonsense(self._list(reader))

    async def test_cursors_of_lines(self, subject: Subject, reader: StocktakeReader) -> None:
        w = World()
        await begin(subject, w, 1)
        await count(subject, number(w, 1), {w.product(1): 1, w.product(2): 2})
        await refuse_nonsense(self._lines(reader, number(w, 1)))
