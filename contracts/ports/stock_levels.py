"""What every adapter promises about low stocks."""

from collections.abc import Sequence
from itertools import count
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.ports.subject import InventorySuite, Subject
from core.inventory.domain.errors import InsufficientStock
from core.inventory.domain.levels import is_low
from core.inventory.domain.stock import Shortage
from core.inventory.ports import Adjustment, StockLevels, Turn
from tests.support.events import T0, World

_numbers = count(2)


def adding(world: World, delta: int) -> Adjustment:
    """One more adjustment of the first stock of a world."""
    return world.adjusting(delta, next(_numbers))


async def watch(subject: Subject, world: World, threshold: int | None) -> list[Turn]:
    """Set the threshold of the first stock of a world."""
    async with subject.open_work() as work:
        levels: StockLevels = work.levels
        return await levels.set_threshold(world.warehouse(1), world.product(), threshold)


def lows(turns: Sequence[Turn]) -> list[tuple[int, int | None, bool]]:
    """What turns tell beside their stock."""
    return [(turn.quantity, turn.threshold, turn.low) for turn in turns]


class StockLevelsSuite(InventorySuite):
    """Thresholds, and stocks that turn."""

    async def test_a_threshold_is_kept(self, subject: Subject) -> None:
        w = World()
        pair = w.warehouse(1), w.product()
        assert await subject.stocks.threshold(*pair) is None
        await watch(subject, w, 0)
        assert await subject.stocks.threshold(*pair) == 0
        await watch(subject, w, 10**12)
        async with subject.open_work() as work:
            assert await work.levels.threshold(*pair) == 10**12
            assert await work.levels.threshold(UUID(int=1), w.product()) is None
        await watch(subject, w, None)
        assert await subject.stocks.threshold(*pair) is None

    async def test_what_lies_there_is_judged_at_once(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(adding(w, 10))
        assert await watch(subject, w, 9) == []
        assert await watch(subject, w, 10) == [Turn(w.warehouse(1), w.product(), 10, 10, low=True)]
        assert await watch(subject, w, 10) == []
        assert lows(await watch(subject, w, None)) == [(10, None, False)]

    async def test_it_is_told_once_until_it_has_recovered(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(adding(w, 50))
        await watch(subject, w, 20)
        told = [lows((await subject.adjust(adding(w, delta))).turns) for delta in (-29, -1, 1, -1, 1, 1, -1, -1)]
        assert told == [[], [(20, 20, True)], [], [], [], [(22, 20, False)], [], [(20, 20, True)]]

    async def test_messages_turn_stocks(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(adding(w, 20))
        await watch(subject, w, 10)
        assert lows((await subject.book(w.departure(1, 10))).turns) == [(10, 10, True)]
        assert lows((await subject.book(w.departure(1, 10))).turns) == []
        assert lows((await subject.book(w.arrival(2, 10, warehouse=1))).turns) == [(20, 10, False)]

    async def test_a_batch_is_judged_by_what_it_leaves(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(adding(w, 20))
        await watch(subject, w, 10)
        booked = await subject.book(w.departure(1, 15), w.arrival(2, 15, warehouse=1))
        assert booked.turns == []

    async def test_a_parked_departure_counts_when_it_goes(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(adding(w, 20))
        await watch(subject, w, 10)
        assert (await subject.book(w.departure(1, 25))).turns == []
        assert lows((await subject.book(w.arrival(2, 10, warehouse=1))).turns) == [(5, 10, True)]

    async def test_a_refused_departure_turns_nothing(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(adding(w, 20))
        await watch(subject, w, 10)
        assert (await subject.book(w.departure(1, 25), shortage=Shortage.REFUSE)).turns == []

    async def test_a_unit_that_fails_turns_nothing(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(adding(w, 4))
        await watch(subject, w, 5)

        async def attempt() -> None:
            async with subject.open_work() as work:
                await work.book.apply([w.arrival(1, 10, warehouse=1)], Shortage.PARK, T0)
                await work.book.adjust(adding(w, -100))

        with pytest.raises(InsufficientStock):
            await attempt()
        assert lows((await subject.adjust(adding(w, 6))).turns) == [(10, 5, False)]

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.one_of(
                st.tuples(st.just("threshold"), st.none() | st.integers(0, 40)),
                st.tuples(st.just("change"), st.integers(-15, 15).filter(bool)),
            ),
            max_size=25,
        )
    )
    async def test_it_is_the_rule_of_the_domain(self, subject: Subject, steps: list[tuple[str, int | None]]) -> None:
        w = World()
        await subject.adjust(adding(w, 20))
        quantity, threshold, low = 20, None, False
        for kind, number in steps:
            if kind == "threshold":
                threshold = number
                turns = await watch(subject, w, number)
            else:
                assert number is not None
                if quantity + number < 0:
                    continue
                quantity += number
                turns = (await subject.adjust(adding(w, number))).turns
            before, low = low, is_low(quantity, threshold, low)
            assert lows(turns) == ([(quantity, threshold, low)] if low is not before else [])
