"""What every stock book promises to callers that come at once, and about any stream of events."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import permutations

from hypothesis import HealthCheck, given, settings

from contracts.ports.subject import InventorySuite, Subject
from core.inventory.domain.errors import InsufficientStock, MovementNotFound, NotCovered, NotUnderWay
from core.inventory.domain.movement import APPLIED, DUPLICATE, MovementEvent, Outcome
from core.inventory.ports import Adjustment
from tests.support.events import World
from tests.support.memory import memory_subject
from tests.support.reading import everything
from tests.support.streams import Adjust, AdjustAll, Cancel, Step, streams


class RacesSuite(InventorySuite):
    """Concurrent callers see the result of some order of theirs."""

    async def test_64_departures_of_1_from_50(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(50))
        verdicts = await asyncio.gather(*(subject.refuse(w.departure(n, 1)) for n in range(64)))
        assert Counter(verdict.outcome for (verdict,) in verdicts) == {Outcome.APPLIED: 50, Outcome.REFUSED: 14}
        assert await subject.quantity(w.warehouse(1), w.product()) == 0

    async def test_two_of_60_from_100_a_hundred_times(self, subject: Subject) -> None:
        for _ in range(100):
            w = World()
            await subject.adjust(w.adjusting(100))
            pair = await asyncio.gather(subject.refuse(w.departure(1, 60)), subject.refuse(w.departure(2, 60)))
            assert Counter(verdict.outcome for (verdict,) in pair) == {Outcome.APPLIED: 1, Outcome.REFUSED: 1}
            assert await subject.quantity(w.warehouse(1), w.product()) == 40

    async def test_one_message_50_times_at_once(self, subject: Subject) -> None:
        w = World()
        event = w.arrival(1, 10, source=1, envelope=1)
        verdicts = await asyncio.gather(*(subject.apply(event) for _ in range(50)))
        assert Counter(verdict for (verdict,) in verdicts) == {APPLIED: 1, DUPLICATE: 49}
        assert await subject.quantity(w.warehouse(2), w.product()) == 10

    async def test_halves_of_one_movement_at_once(self, subject: Subject) -> None:
        for _ in range(20):
            w = World()
            await subject.adjust(w.adjusting(10))
            await asyncio.gather(subject.apply(w.departure(1)), subject.apply(w.arrival(1)))
            view = await subject.movements.movement(w.movement(1))
            assert view is not None
            assert view.matched

    async def test_batches_over_the_same_stocks_in_opposite_orders(self, subject: Subject) -> None:
        w = World()
        batches = [[w.arrival(100 * b + p, 1, product=p) for p in range(20)] for b in range(8)]
        turned = [batch[::-1] if n % 2 else batch for n, batch in enumerate(batches)]
        await asyncio.gather(*(subject.apply(*batch) for batch in turned))
        assert {await subject.quantity(w.warehouse(2), w.product(p)) for p in range(20)} == {8}

    async def test_one_departure_of_all_there_is_50_times_at_once(self, subject: Subject) -> None:
        for _ in range(5):
            w = World()
            await subject.adjust(w.adjusting(10))
            verdicts = await asyncio.gather(*(subject.refuse(w.departure(1, 10)) for _ in range(50)))
            assert Counter(verdict.outcome for each in verdicts for verdict in each) == {
                Outcome.APPLIED: 1,
                Outcome.DUPLICATE: 49,
            }

    async def test_parking_and_serving_at_once_leaves_nobody_waiting(self, subject: Subject) -> None:
        for _ in range(20):
            w = World()
            await asyncio.gather(
                subject.apply(w.departure(1, 10)),
                subject.apply(w.arrival(2, 10, warehouse=1)),
                subject.apply(w.departure(3, 10)),
                subject.adjust(w.adjusting(10)),
            )
            assert await subject.quantity(w.warehouse(1), w.product()) == 0
        assert (await subject.quarantine.gauges())[2] == 0

    async def test_every_order_of_two_halves_and_their_repeats_ends_alike(self, subject: Subject) -> None:
        ends = set[tuple[int, int, bool]]()
        for order in permutations(range(4)):
            w = World()
            await subject.adjust(w.adjusting(10))
            events = [w.departure(1), w.arrival(1, 9), w.departure(1), w.arrival(1, 9)]
            verdicts = [verdict for n in order for verdict in await subject.apply(events[n])]
            assert Counter(verdict.outcome for verdict in verdicts) == {Outcome.APPLIED: 2, Outcome.DUPLICATE: 2}
            view = await subject.movements.movement(w.movement(1))
            assert view is not None
            left = await subject.quantity(w.warehouse(1), w.product())
            ends.add((left, await subject.quantity(w.warehouse(2), w.product()), view.matched))
        assert ends == {(0, 9, True)}

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(stream=streams())
    async def test_batches_do_what_their_events_do_one_by_one(self, subject: Subject, stream: list[Step]) -> None:
        w, oracle = World(), memory_subject()
        for step in stream:
            expected = await one_by_one(oracle, w, step)
            assert await at_once(subject, w, step) == expected
        shown, expected_shown = await everything(subject, w), await everything(oracle, w)
        assert {name: (shown[name], told) for name, told in expected_shown.items() if shown[name] != told} == {}


async def one_by_one(oracle: Subject, world: World, step: Step) -> object:
    """The result of a step in a book that takes every event by itself."""
    if isinstance(step, Adjust):
        return await _adjust(oracle, step.of(world))
    if isinstance(step, AdjustAll):
        return await _adjust_all(oracle, step.of(world))
    if isinstance(step, Cancel):
        return await _cancel(oracle, world, step)
    booked = [await oracle.book(event, shortage=step.shortage) for event in step.of(world)]
    return [v for each in booked for v in each.verdicts], _sorted(e for each in booked for e in each.released)


async def at_once(subject: Subject, world: World, step: Step) -> object:
    """The result of a step in the book under test."""
    if isinstance(step, Adjust):
        return await _adjust(subject, step.of(world))
    if isinstance(step, AdjustAll):
        return await _adjust_all(subject, step.of(world))
    if isinstance(step, Cancel):
        return await _cancel(subject, world, step)
    booked = await subject.book(*step.of(world), shortage=step.shortage)
    return booked.verdicts, _sorted(booked.released)


async def _adjust(subject: Subject, adjustment: Adjustment) -> object:
    try:
        adjusted = await subject.adjust(adjustment)
    except InsufficientStock as refusal:
        return refusal.params
    return adjusted.balance_after, adjusted.released


async def _adjust_all(subject: Subject, adjustments: Sequence[Adjustment]) -> object:
    try:
        adjusted = await subject.adjust_all(*adjustments)
    except NotCovered as refusal:
        return list(refusal.balances), list(refusal.missing)
    return adjusted.balances, _sorted(adjusted.released)


async def _cancel(subject: Subject, world: World, step: Cancel) -> object:
    try:
        cancelled = await subject.cancel(world.movement(step.movement))
    except (MovementNotFound, NotUnderWay) as refusal:
        return refusal.params
    return cancelled.returned, cancelled.released


def _sorted(events: Iterable[MovementEvent]) -> list[MovementEvent]:
    return sorted(events, key=lambda event: event.movement_id)
