"""What every reader of the ledger promises."""

from datetime import datetime, timedelta
from random import Random

import pytest

from contracts.ports.paging import ALL, Read, hold_pages, refuse_nonsense, walk
from contracts.ports.subject import InventorySuite, Subject
from core.inventory.api import Basis, Cause, LedgerEntry
from core.inventory.domain.movement import MovementEvent
from core.inventory.ledger import LedgerReader
from tests.support.events import T0, World

LATER = T0 + timedelta(days=1)


def entry(event: MovementEvent, balance: int, cause: Cause, recorded_at: datetime = T0) -> LedgerEntry:
    """What the ledger shows of an applied half."""
    return LedgerEntry(
        delta=event.delta,
        balance_after=balance,
        occurred_at=event.occurred_at,
        recorded_at=recorded_at,
        cause=cause,
        movement_id=event.movement_id,
        adjustment_id=None,
    )


class LedgerSuite(InventorySuite):
    """Changes of one stock, and the stock of the past."""

    @pytest.fixture
    def reader(self, subject: Subject) -> LedgerReader:
        """What reads the ledger."""
        return subject.ledger

    def _entries(self, reader: LedgerReader, w: World, warehouse: int = 1) -> Read:
        return lambda limit, cursor: reader.entries(w.warehouse(warehouse), w.product(), limit, cursor)

    async def test_an_unknown_pair_has_no_past(self, reader: LedgerReader) -> None:
        w = World()
        await hold_pages(self._entries(reader, w), [])
        for basis in Basis:
            assert await reader.quantity(w.warehouse(), w.product(), T0, basis) == 0

    async def test_changes_newest_first(self, subject: Subject, reader: LedgerReader) -> None:
        w = World()
        adjusting = w.adjusting(5)
        first, second = w.arrival(1, 10, warehouse=1), w.departure(2, 4)
        await subject.apply(first, w.arrival(3, warehouse=3), w.arrival(4, warehouse=1, product=2))
        await subject.apply(second)
        await subject.adjust(adjusting)
        by_hand = LedgerEntry(
            delta=5,
            balance_after=11,
            occurred_at=adjusting.at,
            recorded_at=adjusting.at,
            cause=Cause.ADJUSTMENT,
            movement_id=None,
            adjustment_id=adjusting.id,
        )
        expected = [by_hand, entry(second, 6, Cause.DEPARTURE), entry(first, 10, Cause.ARRIVAL)]
        await hold_pages(self._entries(reader, w), expected)
        await refuse_nonsense(self._entries(reader, w))

    async def test_a_parked_departure_counts_from_its_release(self, subject: Subject, reader: LedgerReader) -> None:
        w = World()
        parked, waiting, credit = w.departure(1, 10), w.departure(2, 99, minute=1), w.arrival(3, 12, warehouse=1)
        await subject.apply(parked, waiting)
        await hold_pages(self._entries(reader, w), [])
        await subject.book(credit, at=LATER)
        expected = [entry(parked, 2, Cause.RELEASE, LATER), entry(credit, 12, Cause.ARRIVAL, LATER)]
        await hold_pages(self._entries(reader, w), expected)

    async def test_a_duplicate_is_in_the_ledger_once(self, subject: Subject, reader: LedgerReader) -> None:
        w = World()
        event = w.arrival(1, warehouse=1)
        await subject.apply(event, event)
        await subject.apply(event)
        await hold_pages(self._entries(reader, w), [entry(event, 10, Cause.ARRIVAL)])

    async def test_the_past_by_event_time_knows_late_messages(self, subject: Subject, reader: LedgerReader) -> None:
        w = World()
        pair = w.warehouse(), w.product()
        await subject.apply(w.arrival(1, 10, warehouse=1, minute=60))
        assert await reader.quantity(*pair, T0 + timedelta(minutes=59), Basis.EVENT) == 0
        assert await reader.quantity(*pair, T0 + timedelta(minutes=60), Basis.EVENT) == 10
        await subject.book(w.departure(2, 4, minute=30), at=LATER)
        assert await reader.quantity(*pair, T0 + timedelta(minutes=29), Basis.EVENT) == 0
        assert await reader.quantity(*pair, T0 + timedelta(minutes=59), Basis.EVENT) == -4
        assert await reader.quantity(*pair, T0 + timedelta(minutes=60), Basis.EVENT) == 6

    async def test_the_past_by_recorded_time_never_changes(self, subject: Subject, reader: LedgerReader) -> None:
        w = World()
        pair = w.warehouse(), w.product()
        await subject.apply(w.arrival(1, 10, warehouse=1))
        await subject.book(w.departure(2, 4, minute=-60), at=LATER)
        assert await reader.quantity(*pair, T0 - timedelta(microseconds=1), Basis.RECORDED) == 0
        assert await reader.quantity(*pair, T0, Basis.RECORDED) == 10
        assert await reader.quantity(*pair, LATER - timedelta(microseconds=1), Basis.RECORDED) == 10
        assert await reader.quantity(*pair, LATER, Basis.RECORDED) == 6

    async def test_what_waits_is_in_no_past(self, subject: Subject, reader: LedgerReader) -> None:
        w = World()
        await subject.apply(w.arrival(1, 3, warehouse=1), w.departure(2, 4))
        for basis in Basis:
            assert await reader.quantity(w.warehouse(), w.product(), LATER, basis) == 3

    async def test_the_ledger_adds_up_to_the_stock(self, subject: Subject, reader: LedgerReader) -> None:
        w, random = World(), Random(7)
        events = [w.arrival(n, random.randint(1, 9), warehouse=1, minute=random.randint(0, 99)) for n in range(30)]
        events += [w.departure(n, random.randint(1, 9), minute=random.randint(0, 99)) for n in range(30, 60)]
        random.shuffle(events)
        for start in range(0, len(events), 7):
            await subject.apply(*events[start : start + 7])
        stock = await subject.quantity(w.warehouse(), w.product())
        entries = await walk(self._entries(reader, w), ALL)
        assert sum(item.delta for item in entries) == stock == entries[0].balance_after
        balances = [item.balance_after for item in reversed(entries)]
        changes = [item.delta for item in reversed(entries)]
        assert balances == [sum(changes[: n + 1]) for n in range(len(changes))]
        for basis in Basis:
            assert await reader.quantity(w.warehouse(), w.product(), LATER, basis) == stock
