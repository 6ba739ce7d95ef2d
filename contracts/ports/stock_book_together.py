"""What every stock book promises about adjustments of many stocks at once."""

import asyncio

import pytest

from contracts.ports.subject import InventorySuite, Subject
from core.inventory.domain.errors import InsufficientStock, NotCovered
from core.inventory.ports import Adjustment, Turn
from tests.support.events import World
from tests.support.reading import everything

MANY = 1000


def each_product(world: World, delta: int, count: int, *, first: int = 1, backwards: bool = False) -> list[Adjustment]:
    """One adjustment for each of the first products, numbered from ``first``."""
    numbers = range(count, 0, -1) if backwards else range(1, count + 1)
    return [world.adjusting(delta, first + n, product=n) for n in numbers]


class TogetherSuite(InventorySuite):
    """Many stocks, all or none."""

    async def test_each_stock_is_changed_and_each_has_its_row(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(5, product=2))
        wanted = [w.adjusting(7, 3, product=2), w.adjusting(1, 2), w.adjusting(9, 4, warehouse=2)]
        adjusted = await subject.adjust_all(*wanted)
        assert (adjusted.balances, adjusted.released, adjusted.turns) == ([12, 1, 9], [], [])
        assert await subject.quantity(w.warehouse(1), w.product(2)) == 12
        listed = (await subject.stocks.adjustments(w.warehouse(1), None, 10, None)).items
        shown = [(view.id, view.delta, view.balance_after, view.reason, view.note, view.actor) for view in listed]
        assert shown == [
            (w.adjustment(3), 7, 12, "count", "note 3", "keeper"),
            (w.adjustment(2), 1, 1, "count", "note 2", "keeper"),
            (w.adjustment(1), 5, 5, "count", "note 1", "keeper"),
        ]
        rows = (await subject.ledger.entries(w.warehouse(1), w.product(2), 10, None)).items
        assert [(row.adjustment_id, row.delta, row.balance_after) for row in rows] == [
            (w.adjustment(3), 7, 12),
            (w.adjustment(1), 5, 5),
        ]

    async def test_one_that_is_short_refuses_all(self, subject: Subject) -> None:
        w = World()
        await subject.adjust_all(*each_product(w, 10, 4))
        before = await everything(subject, w)
        wanted = [w.adjusting(-10, 20), w.adjusting(-13, 21, product=2), w.adjusting(5, 22, product=3)]
        with pytest.raises(NotCovered) as refusal:
            await subject.adjust_all(*wanted, w.adjusting(-1, 23, product=9))
        assert list(refusal.value.missing) == [0, 3, 0, 1]
        assert list(refusal.value.balances) == [0, None, 15, None]
        assert await everything(subject, w) == before

    async def test_credits_serve_those_that_wait(self, subject: Subject) -> None:
        w = World()
        first, second, other = w.departure(1, 10), w.departure(2, 10, minute=1), w.departure(3, 4, product=2)
        await subject.apply(second, first, other)
        adjusted = await subject.adjust_all(w.adjusting(15), w.adjusting(4, 2, product=2), w.adjusting(2, 3, product=3))
        assert adjusted.balances == [15, 4, 2]
        assert sorted(event.movement_id for event in adjusted.released) == [w.movement(1), w.movement(3)]
        assert [await subject.quantity(w.warehouse(1), w.product(n)) for n in (1, 2, 3)] == [5, 0, 2]
        view = await subject.movements.movement(w.movement(3))
        assert view is not None
        assert view.status == "in_transit"

    async def test_a_refusal_lets_nobody_go(self, subject: Subject) -> None:
        w = World()
        await subject.apply(w.departure(1, 10))
        with pytest.raises(NotCovered):
            await subject.adjust_all(w.adjusting(15), w.adjusting(-1, 2, product=2))
        view = await subject.movements.movement(w.movement(1))
        assert view is not None
        assert view.status == "pending"
        assert (await subject.adjust(w.adjusting(15, 3))).released == [w.departure(1, 10)]

    async def test_stocks_turn(self, subject: Subject) -> None:
        w = World()
        await subject.adjust_all(*each_product(w, 10, 3))
        async with subject.open_work() as work:
            for n in (1, 2):
                await work.levels.set_threshold(w.warehouse(1), w.product(n), 5)
        adjusted = await subject.adjust_all(*each_product(w, -6, 3, first=10))
        assert adjusted.turns == [Turn(w.warehouse(1), w.product(n), 4, 5, True) for n in (1, 2)]

    async def test_many(self, subject: Subject) -> None:
        w = World()
        await subject.adjust_all(*each_product(w, 3, MANY))
        adjusted = await subject.adjust_all(*each_product(w, -2, MANY, first=2 * MANY, backwards=True))
        assert adjusted.balances == [1] * MANY
        assert await subject.quantity(w.warehouse(1), w.product(MANY)) == 1

    async def test_opposite_orders_at_once(self, subject: Subject) -> None:
        w = World()
        many = [each_product(w, 1, 30, first=1000 * n, backwards=bool(n % 2)) for n in range(8)]
        await asyncio.gather(*(subject.adjust_all(*wanted) for wanted in many))
        assert {await subject.quantity(w.warehouse(1), w.product(n)) for n in range(1, 31)} == {8}

    async def test_the_last_pieces_are_taken_once(self, subject: Subject) -> None:
        w = World()
        await subject.adjust_all(*each_product(w, 10, 3))

        async def missing(n: int) -> int:
            try:
                await subject.adjust_all(*each_product(w, -10, 3, first=10 * n, backwards=bool(n % 2)))
            except NotCovered as refusal:
                return sum(refusal.missing)
            return 0

        assert sorted(await asyncio.gather(*(missing(n) for n in range(1, 9)))) == [0] + [30] * 7
        with pytest.raises(InsufficientStock):
            await subject.adjust(w.adjusting(-1, 999))
