"""What every stock book promises."""

import pytest

from contracts.ports.subject import InventorySuite, Subject
from core.inventory.api import MovementStatus
from core.inventory.domain.errors import InsufficientStock
from core.inventory.domain.movement import APPLIED, DUPLICATE, PARKED, Reason, refused, rejected
from core.inventory.domain.stock import Shortage
from core.inventory.ports import StockBook
from tests.support.events import T0, World


class StockBookSuite(InventorySuite):
    """Applying events: effects, repeats, pairs."""

    async def test_an_empty_batch_does_nothing(self, subject: Subject) -> None:
        assert await subject.apply() == []

    async def test_an_arrival_adds_and_a_departure_takes(self, subject: Subject) -> None:
        w = World()
        assert await subject.apply(w.arrival(1, 10, warehouse=1)) == [APPLIED]
        assert await subject.apply(w.departure(2, 4)) == [APPLIED]
        assert await subject.quantity(w.warehouse(1), w.product()) == 6

    async def test_the_book_is_that_of_the_unit_of_work(self, subject: Subject) -> None:
        w = World()
        async with subject.open_work() as work:
            book: StockBook = work.book
            assert (await book.apply([w.arrival(1, 10, warehouse=1)], Shortage.PARK, T0)).verdicts == [APPLIED]
            assert (await book.apply([w.departure(2, 10)], Shortage.REFUSE, T0)).verdicts == [APPLIED]
            assert (await book.adjust(w.adjusting(3))).balance_after == 3
        assert await subject.quantity(w.warehouse(1), w.product()) == 3

    async def test_order_within_a_batch_counts(self, subject: Subject) -> None:
        w = World()
        batch = w.departure(1, 10), w.arrival(2, 10, warehouse=1), w.departure(3, 10), w.departure(4, 1)
        assert await subject.refuse(*batch) == [refused(10), APPLIED, APPLIED, refused(1)]
        assert await subject.quantity(w.warehouse(1), w.product()) == 0

    async def test_both_halves_in_one_batch(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(10))
        assert await subject.refuse(w.departure(1), w.arrival(1)) == [APPLIED, APPLIED]
        assert await subject.refuse(w.arrival(2, warehouse=1), w.departure(2, warehouse=2)) == [APPLIED, APPLIED]
        for n in (1, 2):
            view = await subject.movements.movement(w.movement(n))
            assert view is not None
            assert view.matched

    async def test_halves_come_in_either_order(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(20))
        for first, second in ((w.departure(1), w.arrival(1)), (w.arrival(2), w.departure(2))):
            assert [*await subject.apply(first), *await subject.apply(second)] == [APPLIED, APPLIED]
            view = await subject.movements.movement(first.movement_id)
            assert view is not None
            assert (view.matched, view.status) == (True, MovementStatus.COMPLETED)
        assert await subject.quantity(w.warehouse(1), w.product()) == 0
        assert await subject.quantity(w.warehouse(2), w.product()) == 20

    async def test_large_quantities(self, subject: Subject) -> None:
        w = World()
        batch = [w.arrival(n, 1_000_000_000, warehouse=1) for n in range(5)]
        assert await subject.apply(*batch, w.departure(9, 1_000_000_000)) == [APPLIED] * 6
        assert await subject.quantity(w.warehouse(1), w.product()) == 4_000_000_000

    async def test_a_refused_departure_leaves_no_trace(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(4))
        event = w.departure(1, 10, source=1, envelope=1)
        assert await subject.refuse(event, event) == [refused(6), refused(6)]
        assert await subject.quantity(w.warehouse(1), w.product()) == 4
        assert await subject.movements.movement(w.movement(1)) is None
        assert await subject.refuse(w.departure(1, 4, source=1, envelope=1)) == [APPLIED]

    async def test_a_refused_departure_does_not_hold_its_envelope(self, subject: Subject) -> None:
        w = World()
        batch = w.departure(1, source=1, envelope=1), w.arrival(2, source=1, envelope=1)
        assert await subject.refuse(*batch) == [refused(10), APPLIED]

    async def test_a_refused_half_is_no_first_half(self, subject: Subject) -> None:
        w = World()
        assert await subject.refuse(w.departure(1), w.arrival(1, product=2)) == [refused(10), APPLIED]

    async def test_a_repeat_is_a_duplicate_in_a_batch_and_across(self, subject: Subject) -> None:
        w = World()
        event = w.arrival(1, source=1, envelope=1)
        assert await subject.apply(event, event) == [APPLIED, DUPLICATE]
        assert await subject.apply(event) == [DUPLICATE]
        assert await subject.quantity(w.warehouse(2), w.product()) == 10

    @pytest.mark.parametrize("one_batch", [True, False])
    async def test_a_repeat_under_another_envelope_does_not_take_it(self, subject: Subject, one_batch: bool) -> None:
        w = World()
        first, again = w.arrival(1, source=1, envelope=1), w.arrival(1, source=1, envelope=2)
        other = w.arrival(2, source=1, envelope=2)
        if one_batch:
            assert await subject.apply(first, again, other) == [APPLIED, DUPLICATE, APPLIED]
        else:
            assert await subject.apply(first) == [APPLIED]
            assert await subject.apply(again) == [DUPLICATE]
            assert await subject.apply(other) == [APPLIED]

    @pytest.mark.parametrize("one_batch", [True, False])
    async def test_the_first_content_of_a_half_wins(self, subject: Subject, one_batch: bool) -> None:
        w = World()
        first = w.arrival(1, 10)
        others = [
            w.arrival(1, 11),
            w.arrival(1, product=2),
            w.arrival(1, warehouse=3),
            w.arrival(1, minute=61),
            w.arrival(1, minute=60 + 1e-6 / 60),
        ]
        conflict = rejected(Reason.CONFLICTING_MESSAGE)
        if one_batch:
            assert await subject.apply(first, *others, first) == [APPLIED, *[conflict] * 5, DUPLICATE]
        else:
            assert await subject.apply(first) == [APPLIED]
            assert await subject.apply(*others) == [conflict] * 5
        assert await subject.quantity(w.warehouse(2), w.product()) == 10

    @pytest.mark.parametrize("one_batch", [True, False])
    async def test_one_envelope_holds_one_event(self, subject: Subject, one_batch: bool) -> None:
        w = World()
        first, other = w.arrival(1, source=1, envelope=1), w.arrival(2, source=1, envelope=1)
        conflict = rejected(Reason.CONFLICTING_ENVELOPE)
        if one_batch:
            assert await subject.apply(first, other) == [APPLIED, conflict]
        else:
            assert await subject.apply(first) == [APPLIED]
            assert await subject.apply(other) == [conflict]
        assert await subject.movements.movement(w.movement(2)) is None

    async def test_an_envelope_is_known_by_source_and_id(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(100))
        sample = w.departure(1, 100, source=3423, envelope=1), w.arrival(1, 98, source=3322, envelope=1)
        assert await subject.apply(*sample) == [APPLIED, APPLIED]

    async def test_without_a_source_or_an_id_there_is_no_envelope(self, subject: Subject) -> None:
        w = World()
        batch = [
            w.arrival(1, envelope=1),
            w.arrival(2, envelope=1),
            w.arrival(3, source=1),
            w.arrival(4, source=1),
            w.arrival(5, source=0, envelope=1),
            w.arrival(6, source=1, envelope=1),
        ]
        assert await subject.apply(*batch) == [APPLIED] * 6

    @pytest.mark.parametrize("one_batch", [True, False])
    async def test_a_rejected_event_does_not_use_up_its_keys(self, subject: Subject, one_batch: bool) -> None:
        w = World()
        first = w.arrival(1, source=1, envelope=1)
        bad = w.arrival(2, source=1, envelope=1)
        good = w.arrival(2, 7, source=1, envelope=2)
        if one_batch:
            verdicts = await subject.apply(first, bad, good)
        else:
            verdicts = [verdict for event in (first, bad, good) for verdict in await subject.apply(event)]
        assert verdicts == [APPLIED, rejected(Reason.CONFLICTING_ENVELOPE), APPLIED]
        assert await subject.quantity(w.warehouse(2), w.product()) == 17

    @pytest.mark.parametrize("one_batch", [True, False])
    @pytest.mark.parametrize("departs_first", [True, False])
    async def test_a_second_half_must_fit_the_first(
        self, subject: Subject, one_batch: bool, departs_first: bool
    ) -> None:
        w = World()
        await subject.adjust(w.adjusting(50))
        await subject.adjust(w.adjusting(50, 2, product=2))
        if departs_first:
            first, product, place = w.departure(1), w.arrival(1, product=2), w.arrival(1, warehouse=1)
            good = w.arrival(1)
        else:
            first, product, place = w.arrival(1), w.departure(1, product=2), w.departure(1, warehouse=2)
            good = w.departure(1)
        batch = first, product, place, good
        if one_batch:
            verdicts = await subject.apply(*batch)
        else:
            verdicts = [verdict for event in batch for verdict in await subject.apply(event)]
        wrong = [rejected(Reason.PRODUCT_MISMATCH), rejected(Reason.SAME_WAREHOUSE)]
        assert verdicts == [APPLIED, *wrong, APPLIED]
        assert await subject.quantity(w.warehouse(1), w.product()) == 40
        assert await subject.quantity(w.warehouse(2), w.product()) == 10

    async def test_a_rejected_half_leaves_no_trace(self, subject: Subject) -> None:
        w = World()
        await subject.apply(w.arrival(1))
        before = await subject.movements.movement(w.movement(1))
        batch = w.departure(1, warehouse=2, source=1, envelope=1), w.arrival(3, source=1, envelope=1)
        assert await subject.apply(*batch) == [rejected(Reason.SAME_WAREHOUSE), APPLIED]
        assert await subject.movements.movement(w.movement(1)) == before

    async def test_a_parked_half_holds_its_keys_and_its_pair(self, subject: Subject) -> None:
        w = World()
        parked = w.departure(1, source=1, envelope=1)
        assert await subject.apply(parked, parked) == [PARKED, DUPLICATE]
        batch = (
            parked,
            w.departure(1, 11),
            w.arrival(2, source=1, envelope=1),
            w.arrival(1, product=2),
            w.arrival(1, warehouse=1),
        )
        assert await subject.refuse(*batch) == [
            DUPLICATE,
            rejected(Reason.CONFLICTING_MESSAGE),
            rejected(Reason.CONFLICTING_ENVELOPE),
            rejected(Reason.PRODUCT_MISMATCH),
            rejected(Reason.SAME_WAREHOUSE),
        ]

    async def test_a_thousand_events_in_one_batch(self, subject: Subject) -> None:
        w = World()
        arrivals = [w.arrival(n, 2, warehouse=1 + n % 7, product=1 + n % 3) for n in range(500)]
        departures = [w.departure(1000 + n, 1, warehouse=1 + n % 7, product=1 + n % 3) for n in range(500)]
        assert await subject.apply(*arrivals, *departures) == [APPLIED] * 1000
        assert await subject.quantity(w.warehouse(1), w.product(1)) == len(range(0, 500, 21))


class ShortageSuite(InventorySuite):
    """Departures that the stock does not cover."""

    async def test_a_parked_departure_leaves_the_stock_alone(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(4))
        assert await subject.apply(w.departure(1, 10), w.departure(2, 4)) == [PARKED, APPLIED]
        assert await subject.quantity(w.warehouse(1), w.product()) == 0
        view = await subject.movements.movement(w.movement(1))
        assert view is not None
        assert view.status is MovementStatus.PENDING

    async def test_an_arrival_lets_go_what_it_covers(self, subject: Subject) -> None:
        w = World()
        parked = w.departure(1, 10)
        await subject.apply(parked)
        booked = await subject.book(w.arrival(2, 12, warehouse=1))
        assert (booked.verdicts, booked.released) == ([APPLIED], [parked])
        assert await subject.quantity(w.warehouse(1), w.product()) == 2
        assert (await subject.book(w.arrival(3, 12, warehouse=1))).released == []

    async def test_park_and_let_go_in_one_batch(self, subject: Subject) -> None:
        w = World()
        parked = w.departure(1, 10)
        booked = await subject.book(parked, w.arrival(2, 15, warehouse=1), w.departure(3, 5))
        assert (booked.verdicts, booked.released) == ([PARKED, APPLIED, APPLIED], [parked])
        assert await subject.quantity(w.warehouse(1), w.product()) == 0

    async def test_those_that_wait_are_served_before_those_that_come(self, subject: Subject) -> None:
        w = World()
        await subject.apply(w.departure(1, 10, minute=5))
        verdicts = await subject.apply(w.arrival(2, 10, warehouse=1), w.departure(3, 10, minute=0))
        assert verdicts == [APPLIED, PARKED]

    async def test_they_go_by_event_time_then_movement(self, subject: Subject) -> None:
        w = World()
        late, third, first, second = (
            w.departure(4, 10, minute=3),
            w.departure(3, 10, minute=2),
            w.departure(9, 10, minute=1),
            w.departure(1, 10, minute=2),
        )
        for event in (late, third, first, second):
            await subject.apply(event)
        for expected in (first, second, third, late):
            assert (await subject.book(w.arrival(100 + expected.movement_id.int % 64, 10, warehouse=1))).released == [
                expected
            ]

    async def test_one_credit_serves_in_order_and_skips_what_is_too_large(self, subject: Subject) -> None:
        w = World()
        first, large, small = w.departure(3, 4, minute=1), w.departure(1, 9, minute=2), w.departure(2, 5, minute=3)
        await subject.apply(small, large, first)
        assert (await subject.book(w.arrival(9, 9, warehouse=1))).released == [first, small]
        assert await subject.quantity(w.warehouse(1), w.product()) == 0
        assert (await subject.book(w.arrival(10, 9, warehouse=1))).released == [large]

    async def test_goods_serve_only_their_own_stock(self, subject: Subject) -> None:
        w = World()
        await subject.apply(w.departure(1, 10))
        batch = w.arrival(2, 10, warehouse=2), w.arrival(3, 10, warehouse=1, product=2)
        assert (await subject.book(*batch)).released == []

    async def test_an_arrival_and_its_own_parked_departure(self, subject: Subject) -> None:
        w = World()
        assert await subject.apply(w.departure(1, 10), w.arrival(1, 10)) == [PARKED, APPLIED]
        view = await subject.movements.movement(w.movement(1))
        assert view is not None
        assert (view.matched, view.status) == (False, MovementStatus.COMPLETED)
        await subject.apply(w.arrival(2, 10, warehouse=1))
        view = await subject.movements.movement(w.movement(1))
        assert view is not None
        assert view.matched

    async def test_a_departure_that_goes_while_its_arrival_is_rejected(self, subject: Subject) -> None:
        w = World()
        await subject.apply(w.departure(1, 10))
        batch = w.arrival(1, product=2), w.arrival(2, 10, warehouse=1)
        assert (await subject.book(*batch)).released == [w.departure(1, 10)]
        page = await subject.movements.in_transit(None, None, 5, None)
        assert [view.movement_id for view in page.items] == [w.movement(1)]

    async def test_a_refusing_batch_still_serves_those_that_wait(self, subject: Subject) -> None:
        w = World()
        parked = w.departure(1, 10)
        await subject.apply(parked)
        booked = await subject.book(
            w.arrival(2, 15, warehouse=1), w.departure(3, 6), w.departure(4, 5), shortage=Shortage.REFUSE
        )
        assert (booked.verdicts, booked.released) == ([APPLIED, refused(1), APPLIED], [parked])

    async def test_an_adjustment_serves_those_that_wait(self, subject: Subject) -> None:
        w = World()
        first, second = w.departure(1, 10), w.departure(2, 10, minute=1)
        await subject.apply(second, first)
        adjusted = await subject.adjust(w.adjusting(15))
        assert (adjusted.balance_after, adjusted.released) == (15, [first])
        assert await subject.quantity(w.warehouse(1), w.product()) == 5

    async def test_what_was_applied_is_not_refused_when_it_comes_again(self, subject: Subject) -> None:
        w = World()
        await subject.adjust(w.adjusting(10))
        assert await subject.refuse(w.departure(1, 10)) == [APPLIED]
        assert await subject.refuse(w.departure(1, 10)) == [DUPLICATE]
        assert await subject.refuse(w.departure(1, 10)) == [DUPLICATE]
        assert [v.reason for v in await subject.refuse(w.departure(1, 9))] == [Reason.CONFLICTING_MESSAGE]

    async def test_an_adjustment_takes_what_is_there(self, subject: Subject) -> None:
        w = World()
        assert (await subject.adjust(w.adjusting(10))).balance_after == 10
        assert (await subject.adjust(w.adjusting(-10, 2))).balance_after == 0

    async def test_an_adjustment_below_zero_is_refused(self, subject: Subject) -> None:
        w = World()
        with pytest.raises(InsufficientStock) as unknown:
            await subject.adjust(w.adjusting(-3))
        assert unknown.value.params["deficiency"] == 3
        await subject.adjust(w.adjusting(10, 2))
        with pytest.raises(InsufficientStock) as known:
            await subject.adjust(w.adjusting(-11, 3))
        assert known.value.params["deficiency"] == 1
        assert await subject.quantity(w.warehouse(1), w.product()) == 10
        assert len((await subject.stocks.adjustments(w.warehouse(), None, 10, None)).items) == 1
