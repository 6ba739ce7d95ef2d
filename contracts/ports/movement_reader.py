"""What every reader of movements promises."""

from datetime import timedelta
from uuid import UUID

import pytest

from contracts.ports.paging import Read, first_cursor, hold_pages, refuse_nonsense, walk
from contracts.ports.subject import InventorySuite, Subject
from core.inventory.api import InTransitTotal, InTransitView, MovementFlag, MovementStatus
from core.inventory.domain.movement import MovementEvent
from core.inventory.domain.view import movement_view
from core.inventory.ports import MovementFilter, MovementReader
from tests.support.events import T0, World


class MovementSuite(InventorySuite):
    """One movement, and lists of them."""

    @pytest.fixture
    def reader(self, subject: Subject) -> MovementReader:
        """What reads movements."""
        return subject.movements

    async def test_an_unknown_movement_is_none(self, reader: MovementReader) -> None:
        assert await reader.movement(World().movement()) is None

    async def test_a_departure_that_is_under_way(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await subject.adjust(w.adjusting(10))
        await subject.apply(w.departure(1))
        view = await reader.movement(w.movement(1))
        assert view == movement_view(w.departure(1), None, parked=False)
        assert view.status is MovementStatus.IN_TRANSIT

    async def test_a_departure_that_waits(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await subject.apply(w.departure(1))
        view = await reader.movement(w.movement(1))
        assert view == movement_view(w.departure(1), None, parked=True)
        await subject.adjust(w.adjusting(10))
        assert await reader.movement(w.movement(1)) == movement_view(w.departure(1), None, parked=False)

    async def test_an_arrival_alone(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await subject.apply(w.arrival(1))
        assert await reader.movement(w.movement(1)) == movement_view(None, w.arrival(1), parked=False)

    async def test_the_sample_of_the_assignment(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await subject.adjust(w.adjusting(100))
        await subject.apply(w.arrival(1, 98, minute=142), w.departure(1, 100))
        view = await reader.movement(w.movement(1))
        assert view == movement_view(w.departure(1, 100), w.arrival(1, 98, minute=142), parked=False)
        assert (view.quantity_diff, view.shortage, view.duration_seconds) == (2, 2, 8520.0)

    async def test_a_parked_departure_of_an_arrival(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await subject.apply(w.arrival(1, 9, minute=-1), w.departure(1))
        view = await reader.movement(w.movement(1))
        assert view == movement_view(w.departure(1), w.arrival(1, 9, minute=-1), parked=True)
        assert set(view.flags) == {MovementFlag.DEPARTURE_PARKED, MovementFlag.CLOCK_SKEW, MovementFlag.SHORTAGE}

    async def test_times_keep_their_microseconds(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        event = w.arrival(1, minute=1 + 1e-6 / 60)
        await subject.apply(event)
        view = await reader.movement(w.movement(1))
        assert view is not None
        assert view.arrival_time == event.occurred_at == T0 + timedelta(minutes=1, microseconds=1)

    async def test_times_at_the_ends_of_the_range(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        years = 60 * 24 * 365
        events = [w.arrival(1, minute=-55 * years), w.arrival(2, minute=174 * years)]
        await subject.apply(*events)
        for event in events:
            assert await reader.movement(event.movement_id) == movement_view(None, event, parked=False)

    def _list(self, reader: MovementReader, w: World, **wanted: int | MovementStatus | None) -> Read:
        place, product, status = (wanted.get(name) for name in ("warehouse", "product", "status"))
        assert not isinstance(place, MovementStatus)
        assert not isinstance(product, MovementStatus)
        assert not isinstance(status, int)
        wish = MovementFilter(
            warehouse_id=None if place is None else w.warehouse(place),
            product_id=None if product is None else w.product(product),
            status=status,
        )
        return lambda limit, cursor: reader.movements(wish, limit, cursor)

    async def _ids(self, read: Read, limit: int = 2) -> list[UUID]:
        return [view.movement_id for view in await walk(read, limit)]

    async def test_an_empty_list(self, reader: MovementReader) -> None:
        await hold_pages(self._list(reader, World()), [])

    async def test_each_movement_once_newest_first(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await subject.adjust(w.adjusting(100))
        await subject.apply(w.departure(1), w.departure(2), w.arrival(1))
        await subject.apply(w.arrival(3), w.arrival(2))
        await subject.apply(w.departure(4), w.arrival(4))
        views = [await reader.movement(w.movement(n)) for n in (4, 3, 2, 1)]
        await hold_pages(self._list(reader, w), views)

    async def test_filters(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await subject.adjust(w.adjusting(20))
        await subject.adjust(w.adjusting(10, 2, product=2))
        batch: list[MovementEvent] = [
            w.departure(1),
            w.departure(2, product=2),
            w.arrival(1),
            w.arrival(3),
            w.arrival(4, warehouse=3, product=2),
            w.departure(5),
            w.departure(6, 99),
        ]
        await subject.apply(*batch)
        for expected, read in (
            ([6, 5, 2, 1], self._list(reader, w, warehouse=1)),
            ([3, 1], self._list(reader, w, warehouse=2)),
            ([4, 2], self._list(reader, w, product=2)),
            ([6], self._list(reader, w, status=MovementStatus.PENDING)),
            ([5, 2], self._list(reader, w, status=MovementStatus.IN_TRANSIT)),
            ([4, 3, 1], self._list(reader, w, status=MovementStatus.COMPLETED)),
            ([5], self._list(reader, w, warehouse=1, product=1, status=MovementStatus.IN_TRANSIT)),
            ([2], self._list(reader, w, warehouse=1, product=2)),
            ([], self._list(reader, w, warehouse=9)),
            ([], self._list(reader, w, warehouse=2, product=2)),
        ):
            for limit in (1, 2, 200):
                assert await self._ids(read, limit) == [w.movement(n) for n in expected]

    async def test_a_filtered_list_goes_by_the_half_that_matches(
        self, subject: Subject, reader: MovementReader
    ) -> None:
        w = World()
        await subject.adjust(w.adjusting(30))
        for event in (w.departure(1), w.departure(2), w.departure(3), w.arrival(2), w.arrival(4), w.arrival(1)):
            await subject.apply(event)
        assert await self._ids(self._list(reader, w, warehouse=2)) == [w.movement(n) for n in (1, 4, 2)]
        assert await self._ids(self._list(reader, w)) == [w.movement(n) for n in (4, 3, 2, 1)]

    async def test_pages_stay_in_step_with_what_comes(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await subject.adjust(w.adjusting(1000))
        await subject.apply(*(w.departure(n) for n in range(1, 7)))
        read = self._list(reader, w)
        first = await read(2, None)
        await subject.apply(w.departure(7), w.arrival(3), w.arrival(6), w.arrival(8))
        rest = await walk(lambda limit, cursor: read(limit, cursor or first.next_cursor), 2)
        shown = [view.movement_id for view in [*first.items, *rest]]
        assert shown == [w.movement(n) for n in (6, 5, 4, 3, 2, 1)]

    async def test_only_its_own_cursors(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await subject.apply(w.arrival(1), w.arrival(2), w.arrival(3))
        await refuse_nonsense(self._list(reader, w))


class TransitSuite(InventorySuite):
    """Goods that left and have not arrived."""

    @pytest.fixture
    def reader(self, subject: Subject) -> MovementReader:
        """What reads movements."""
        return subject.movements

    def _open(self, reader: MovementReader, place: UUID | None = None, product: UUID | None = None) -> Read:
        return lambda limit, cursor: reader.in_transit(place, product, limit, cursor)

    def _sums(self, reader: MovementReader, place: UUID | None = None, product: UUID | None = None) -> Read:
        return lambda limit, cursor: reader.in_transit_totals(place, product, limit, cursor)

    async def test_nothing_under_way(self, reader: MovementReader) -> None:
        await hold_pages(self._open(reader), [])
        await hold_pages(self._sums(reader), [])

    async def _send(self, subject: Subject, w: World) -> list[InTransitView]:
        """Goods on four ways; what arrived, came from nowhere or waits is not under way."""
        for n, (place, product) in enumerate([(1, 1), (1, 2), (2, 1)], 1):
            await subject.adjust(w.adjusting(100, n, warehouse=place, product=product))
        departures = [
            w.departure(1, 10, minute=3),
            w.departure(2, 20, product=2, minute=1),
            w.departure(3, 30, warehouse=2, minute=2),
            w.departure(4, 40, minute=1),
        ]
        gone = [w.departure(5, 5), w.arrival(5, 4), w.arrival(6, warehouse=3), w.arrival(7), w.departure(7, 7)]
        await subject.apply(*departures, *gone, w.departure(8, 999))
        order = sorted(departures, key=lambda event: (event.occurred_at, event.movement_id))
        return [InTransitView(e.movement_id, e.product_id, e.warehouse_id, e.quantity, e.occurred_at) for e in order]

    async def test_open_departures_oldest_first(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        views = await self._send(subject, w)
        assert [view.movement_id for view in views] == [w.movement(n) for n in (2, 4, 3, 1)]
        await hold_pages(self._open(reader), views)

    async def test_by_warehouse_and_product(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        views = await self._send(subject, w)
        first, second = w.warehouse(1), w.warehouse(2)
        await hold_pages(self._open(reader, second), [views[2]])
        await hold_pages(self._open(reader, first, w.product(1)), [views[1], views[3]])
        await hold_pages(self._open(reader, None, w.product(2)), [views[0]])
        await hold_pages(self._open(reader, w.warehouse(3)), [])

    async def test_sums(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await self._send(subject, w)
        sums = [
            InTransitTotal(w.warehouse(1), w.product(1), 2, 50),
            InTransitTotal(w.warehouse(1), w.product(2), 1, 20),
            InTransitTotal(w.warehouse(2), w.product(1), 1, 30),
        ]
        await hold_pages(self._sums(reader), sums)
        await hold_pages(self._sums(reader, w.warehouse(1)), sums[:2])
        await hold_pages(self._sums(reader, None, w.product(1)), [sums[0], sums[2]])
        await hold_pages(self._sums(reader, w.warehouse(2), w.product(2)), [])

    async def test_an_arrival_ends_it_with_its_full_amount(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await self._send(subject, w)
        await subject.apply(*(w.arrival(n, 1, warehouse=4) for n in (1, 3, 4)), w.arrival(2, 1, warehouse=4, product=2))
        await hold_pages(self._open(reader), [])
        await hold_pages(self._sums(reader), [])

    async def test_a_departure_that_waited_sets_out(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await subject.apply(w.departure(1, 10), w.departure(2, 5), w.arrival(2, 5))
        await hold_pages(self._open(reader), [])
        await subject.adjust(w.adjusting(100))
        assert [view.movement_id for view in await walk(self._open(reader), 5)] == [w.movement(1)]

    async def test_a_quantity_beyond_32_bits(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        for n in range(1, 5):
            await subject.apply(w.arrival(10 + n, 1_000_000_000, warehouse=1), w.departure(n, 1_000_000_000))
        assert (await walk(self._sums(reader), 5))[0].quantity == 4_000_000_000

    async def test_only_their_own_cursors(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        await self._send(subject, w)
        await refuse_nonsense(self._open(reader))
        await refuse_nonsense(self._sums(reader))

    async def test_pages_stay_in_step_with_what_leaves(self, subject: Subject, reader: MovementReader) -> None:
        w = World()
        views = await self._send(subject, w)
        cursor = await first_cursor(self._open(reader))
        await subject.apply(w.arrival(2, product=2, warehouse=3), w.arrival(4))
        page = await reader.in_transit(None, None, 10, cursor)
        assert page.items == views[2:]
