"""What every adapter promises about movements that are taken back, and about decisions."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from contracts.ports.subject import InventorySuite, Subject
from contracts.ports.transit import mark, marked
from core.inventory.api import Cause, Decided, Decision, MovementStatus, Variance
from core.inventory.decisions import Decisions
from core.inventory.domain.errors import MovementNotFound, NotUnderWay
from core.inventory.domain.movement import APPLIED, DUPLICATE, PARKED, Reason, rejected
from core.inventory.ports import Cancelled, MovementFilter, Turn
from tests.support.events import T0, World

LATER = T0 + timedelta(hours=3)
TOO_LATE = rejected(Reason.MOVEMENT_CANCELLED)


async def status(subject: Subject, w: World, n: int = 1) -> MovementStatus | None:
    """How far a movement has come."""
    view = await subject.movements.movement(w.movement(n))
    return None if view is None else view.status


async def cancelled_or_not(subject: Subject, w: World, n: int = 1) -> str:
    """Cancel a movement; what it was if that was too late."""
    try:
        await subject.cancel(w.movement(n))
    except NotUnderWay as refusal:
        return str(refusal.params["status"])
    return "done"


class CancelSuite(InventorySuite):
    """Movements that are taken back."""

    async def test_what_left_is_back(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(15))
        await subject.apply(w.departure(1))
        assert await subject.cancel(w.movement(1), LATER) == Cancelled(w.departure(1), 10, [], [], was_overdue=False)
        assert await subject.quantity(w.warehouse(1), w.product()) == 15
        view = await subject.movements.movement(w.movement(1))
        assert view is not None
        assert (view.status, view.matched, view.variance) == (MovementStatus.CANCELLED, False, None)
        assert view.decision == Decision(Decided.CANCELLED, "", "keeper", LATER)

    async def test_it_is_in_the_ledger(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(15))
        await subject.apply(w.departure(1))
        await subject.cancel(w.movement(1), LATER)
        newest = (await subject.ledger.entries(w.warehouse(1), w.product(), 10, None)).items[0]
        assert (newest.delta, newest.balance_after, newest.cause) == (10, 15, Cause.CANCELLATION)
        assert (newest.occurred_at, newest.recorded_at, newest.movement_id) == (LATER, LATER, w.movement(1))

    async def test_it_is_under_way_no_more(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(20))
        await subject.apply(w.departure(1), w.departure(2))
        await mark(subject, 20)
        assert (await subject.cancel(w.movement(1))).was_overdue
        left = [w.movement(2)]
        assert [each.movement_id for each in (await subject.movements.in_transit(None, None, 9, None)).items] == left
        totals = (await subject.movements.in_transit_totals(None, None, 9, None)).items
        assert [(each.movements, each.quantity) for each in totals] == [(1, 10)]
        assert [each.movement_id for each in (await subject.transit.overdue(9, None)).items] == left
        assert await marked(subject, 1000) == []

    async def test_a_departure_that_waits_does_so_no_more(self, subject: Subject) -> None:
        w = World()
        assert await subject.apply(w.departure(1, 10), w.departure(2, 12, minute=1)) == [PARKED, PARKED]
        assert await subject.cancel(w.movement(1)) == Cancelled(w.departure(1), 0, [], [], was_overdue=False)
        view = await subject.movements.movement(w.movement(1))
        assert view is not None
        assert (view.status, view.flags) == (MovementStatus.CANCELLED, [])
        assert (await subject.quarantine.gauges())[2] == 1
        assert (await subject.adjust(w.adjusting(11))).released == []
        assert (await subject.adjust(w.adjusting(1, 2))).released == [w.departure(2, 12, minute=1)]
        assert await subject.quantity(w.warehouse(1), w.product()) == 0
        assert await subject.apply(w.arrival(3, 5, warehouse=1), w.departure(4, 5)) == [APPLIED, APPLIED]

    async def test_what_is_back_serves_those_that_wait(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(10))
        waiting = w.departure(2, 7, minute=1)
        assert await subject.apply(w.departure(1), waiting, w.departure(3, 20)) == [APPLIED, PARKED, PARKED]
        assert (await subject.cancel(w.movement(1))).released == [waiting]
        assert await subject.quantity(w.warehouse(1), w.product()) == 3
        assert await status(subject, w, 2) is MovementStatus.IN_TRANSIT
        causes = [each.cause for each in (await subject.ledger.entries(w.warehouse(1), w.product(), 2, None)).items]
        assert causes == [Cause.RELEASE, Cause.CANCELLATION]

    async def test_a_low_stock_recovers(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(10))
        async with subject.open_work() as work:
            await work.levels.set_threshold(w.warehouse(1), w.product(), 5)
        await subject.apply(w.departure(1, 6))
        turn = Turn(w.warehouse(1), w.product(), 10, 5, low=False)
        assert (await subject.cancel(w.movement(1))).turns == [turn]

    async def test_its_arrival_is_too_late(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(10))
        await subject.apply(w.departure(1), w.departure(2, 99))
        for n in (1, 2):
            await subject.cancel(w.movement(n))
            late = w.arrival(n)
            assert await subject.apply(late, late) == [TOO_LATE, TOO_LATE]
            assert await subject.refuse(late) == [TOO_LATE]
            assert await subject.apply(w.arrival(n, warehouse=1), w.arrival(n, product=2)) == [TOO_LATE, TOO_LATE]
            assert await status(subject, w, n) is MovementStatus.CANCELLED
        assert await subject.quantity(w.warehouse(2), w.product()) == 0
        assert await subject.quantity(w.warehouse(1), w.product()) == 10

    async def test_its_departure_stays_known(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(10))
        await subject.apply(w.departure(1))
        await subject.cancel(w.movement(1))
        assert await subject.apply(w.departure(1)) == [DUPLICATE]
        assert await subject.refuse(w.departure(1)) == [DUPLICATE]
        assert await subject.apply(w.departure(1), w.arrival(1)) == [DUPLICATE, TOO_LATE]
        assert await subject.apply(w.departure(1, 9)) == [rejected(Reason.CONFLICTING_MESSAGE)]
        assert await subject.quantity(w.warehouse(1), w.product()) == 10

    async def test_only_what_is_under_way_can_be_cancelled(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(20))
        with pytest.raises(MovementNotFound):
            await subject.cancel(w.movement(1))
        await subject.apply(w.departure(1), w.arrival(1), w.arrival(2), w.departure(3), w.departure(4, 99))
        await subject.apply(w.arrival(4))
        await subject.cancel(w.movement(3))
        assert [await cancelled_or_not(subject, w, n) for n in (1, 2, 3, 4)] == [
            "completed",
            "completed",
            "cancelled",
            "completed",
        ]
        assert await subject.quantity(w.warehouse(1), w.product()) == 10

    async def test_what_is_rolled_back_is_not_cancelled(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(10))
        await subject.apply(w.departure(1))
        with suppress(ZeroDivisionError):
            async with subject.open_work() as work:
                await work.book.cancel(w.movement(1), LATER)
                raise ZeroDivisionError
        assert await subject.quantity(w.warehouse(1), w.product()) == 0
        assert await subject.apply(w.arrival(1)) == [APPLIED]


class CancelRacesSuite(InventorySuite):
    """A movement that is cancelled while something else becomes of it."""

    async def test_cancelled_many_times_at_once(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(10))
        await subject.apply(w.departure(1))
        ends = await asyncio.gather(*(cancelled_or_not(subject, w) for _ in range(8)))
        assert sorted(ends) == ["cancelled"] * 7 + ["done"]
        assert await subject.quantity(w.warehouse(1), w.product()) == 10

    async def test_cancelled_while_it_arrives(self, subject: Subject) -> None:
        for turn in range(30):
            w = World()
            await subject.adjust(w.adjusting(10))
            await subject.apply(w.departure(1))
            both = cancelled_or_not(subject, w), subject.apply(w.arrival(1))
            if turn % 2:
                told, verdicts = await asyncio.gather(*both)
            else:
                verdicts, told = await asyncio.gather(*both[::-1])
            assert (told, verdicts) in [("done", [TOO_LATE]), ("completed", [APPLIED])]
            left = await subject.quantity(w.warehouse(1), w.product())
            came = await subject.quantity(w.warehouse(2), w.product())
            assert (left, came) == ((10, 0) if told == "done" else (0, 10))

    async def test_cancelled_while_a_wrong_arrival_comes(self, subject: Subject) -> None:
        for _ in range(15):
            w = World()
            await subject.adjust(w.adjusting(10))
            await subject.apply(w.departure(1))
            told, verdicts = await asyncio.gather(cancelled_or_not(subject, w), subject.apply(w.arrival(1, product=2)))
            assert told == "done"
            assert verdicts in [[TOO_LATE], [rejected(Reason.PRODUCT_MISMATCH)]]

    async def test_cancelled_while_its_goods_come(self, subject: Subject) -> None:
        for _ in range(15):
            w = World()
            await subject.apply(w.departure(1))
            cancelled, adjusted = await asyncio.gather(subject.cancel(w.movement(1)), subject.adjust(w.adjusting(10)))
            assert (cancelled.returned, len(adjusted.released)) in [(0, 0), (10, 1)]
            assert await subject.quantity(w.warehouse(1), w.product()) == 10
            assert await status(subject, w) is MovementStatus.CANCELLED
        assert (await subject.quarantine.gauges())[2] == 0


class DecisionsSuite(InventorySuite):
    """What is kept of decisions, and what movements show of it."""

    async def _add(self, subject: Subject, w: World, decision: Decision) -> bool:
        async with subject.open_work() as work:
            decisions: Decisions = work.decisions
            return await decisions.add(w.movement(1), decision)

    async def test_the_first_one_stays(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(10))
        await subject.apply(w.departure(1), w.arrival(1, 8))
        view = await subject.movements.movement(w.movement(1))
        assert view is not None
        assert (view.variance, view.decision) == (Variance.OPEN, None)
        lost = Decision(Decided.LOST, "fell off", "keeper", LATER)
        assert await self._add(subject, w, lost)
        assert not await self._add(subject, w, Decision(Decided.FOUND, "", "other", T0))
        view = await subject.movements.movement(w.movement(1))
        assert view is not None
        assert (view.variance, view.decision, view.status) == (Variance.RESOLVED, lost, MovementStatus.COMPLETED)

    async def test_of_many_at_once_one_is_kept(self, subject: Subject) -> None:
        w = World()
        decisions = [Decision(Decided.LOST, str(n), "keeper", LATER) for n in range(8)]
        kept = await asyncio.gather(*(self._add(subject, w, decision) for decision in decisions))
        assert sorted(kept) == [False] * 7 + [True]

    async def test_movements_are_listed_by_their_variance(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(40))
        await subject.apply(w.departure(1), w.arrival(1, 8), w.departure(2), w.arrival(2, 11))
        await subject.apply(w.departure(3), w.arrival(3), w.departure(4), w.arrival(5))
        await self._add(subject, w, Decision(Decided.LOST, "", "keeper", LATER))
        for variance, expected in ((Variance.OPEN, [2]), (Variance.RESOLVED, [1])):
            wanted = MovementFilter(variance=variance)
            found = (await subject.movements.movements(wanted, 10, None)).items
            assert [view.movement_id for view in found] == [w.movement(n) for n in expected]
