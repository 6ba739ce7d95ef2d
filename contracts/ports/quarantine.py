"""What every quarantine promises."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from contracts.ports.samples import item, short
from contracts.ports.subject import InventorySuite, Subject
from core.inventory.api import Door, Origin, QuarantineState, QuarantineView
from core.inventory.domain.movement import Reason
from core.inventory.domain.stock import Shortage
from core.inventory.ports import Quarantine, QuarantinedMessage
from tests.support.events import T0, World

LATER = T0 + timedelta(hours=1)


async def add(subject: Subject, *messages: QuarantinedMessage) -> None:
    """Put messages into quarantine in a unit of work of their own."""
    async with subject.open_work() as work:
        quarantine: Quarantine = work.quarantine
        await quarantine.add(messages)


async def close(subject: Subject, *messages: QuarantinedMessage, state: QuarantineState, note: str = "why") -> None:
    """Close items in a unit of work of their own."""
    async with subject.open_work() as work:
        await work.quarantine.close([message.id for message in messages], state, "keeper", note, LATER)


async def view(subject: Subject, message: QuarantinedMessage) -> QuarantineView:
    """What readers see of an item."""
    found = await subject.quarantine.item(message.id)
    assert found is not None
    return found


class QuarantineSuite(InventorySuite):
    """Keeping, counting, locking and deciding."""

    async def test_one_identity_is_one_item(self, subject: Subject) -> None:
        w = World()
        first = item(w, 1, identity="same", raw=b"first")
        again = item(w, 2, identity="same", raw=b"again", reason=Reason.TOMBSTONE, details={"a": 1})
        await add(subject, first, again)
        await add(subject, item(w, 3, identity="same"), item(w, 4))
        found = await view(subject, first)
        assert (found.times, found.text, found.reason, found.details) == (3, "first", Reason.NOT_JSON, {})
        assert (found.first_seen, found.last_seen) == (T0 + timedelta(seconds=1), T0 + timedelta(seconds=3))
        assert await subject.quarantine.item(again.id) is None
        assert (await view(subject, item(w, 4))).times == 1

    async def test_a_closed_item_that_comes_again_stays_closed(self, subject: Subject) -> None:
        w = World()
        first = item(w, 1, identity="same")
        await add(subject, first)
        await close(subject, first, state=QuarantineState.DISCARDED)
        await add(subject, item(w, 2, identity="same"))
        found = await view(subject, first)
        assert (found.times, found.state, found.note) == (2, QuarantineState.DISCARDED, "why")

    async def test_nothing_to_add_is_fine(self, subject: Subject) -> None:
        await add(subject)

    async def test_a_message_comes_back_as_it_was(self, subject: Subject) -> None:
        w = World()
        messages = [
            item(w, 1, details={"errors": [{"field": "/a", "params": {"max": 3}}], "deep": {"null": None}}),
            item(w, 2, raw=None, reason=Reason.TOMBSTONE, origin=Origin(Door.WEBHOOK)),
            item(w, 3, raw=b"", movement=1),
            item(w, 4, raw=bytes(range(256)) * 100),
        ]
        await add(subject, *messages)
        async with subject.open_work() as work:
            assert [await work.quarantine.lock(each.id) for each in messages] == [
                (QuarantineState.OPEN, each) for each in messages
            ]

    async def test_an_unknown_item_is_none(self, subject: Subject) -> None:
        async with subject.open_work() as work:
            assert await work.quarantine.lock(item(World(), 1).id) is None

    async def test_a_lock_holds_until_the_end_of_the_unit(self, subject: Subject) -> None:
        w, locked = World(), asyncio.Event()
        message = item(w, 1)
        await add(subject, message)

        async def first() -> None:
            async with subject.open_work() as work:
                await work.quarantine.lock(message.id)
                locked.set()
                await asyncio.sleep(0.05)
                await work.quarantine.close([message.id], QuarantineState.DISCARDED, "keeper", "", LATER)

        async def second() -> QuarantineState | None:
            await locked.wait()
            async with subject.open_work() as work:
                found = await work.quarantine.lock(message.id)
            return found[0] if found else None

        assert (await asyncio.gather(first(), second()))[1] is QuarantineState.DISCARDED

    async def test_the_oldest_open_items_of_a_reason(self, subject: Subject) -> None:
        w = World()
        messages = [item(w, n) for n in (1, 2, 3, 4)]
        await add(subject, *messages, item(w, 5, reason=Reason.TOMBSTONE))
        await close(subject, messages[1], state=QuarantineState.APPLIED)
        async with subject.open_work() as work:
            assert await work.quarantine.lock_open(Reason.NOT_JSON, 2) == [messages[0], messages[2]]
            assert await work.quarantine.lock_open(Reason.NOT_JSON, 10) == [messages[0], *messages[2:]]
            assert await work.quarantine.lock_open(Reason.WRONG_FIELDS, 10) == []

    async def test_two_bulk_acts_share_no_item(self, subject: Subject) -> None:
        w = World()
        await add(subject, *(item(w, n) for n in range(1, 21)))

        async def take() -> Sequence[QuarantinedMessage]:
            async with subject.open_work() as work:
                taken = await work.quarantine.lock_open(Reason.NOT_JSON, 5)
                await asyncio.sleep(0.01)
                await work.quarantine.close([each.id for each in taken], QuarantineState.APPLIED, "a", "", LATER)
                return taken

        taken = [each.id for part in await asyncio.gather(*(take() for _ in range(4))) for each in part]
        assert len(taken) == len(set(taken)) == 20

    async def test_closing_says_who_and_why(self, subject: Subject) -> None:
        w = World()
        await add(subject, item(w, 1), item(w, 2))
        await close(subject, item(w, 1), state=QuarantineState.DISCARDED)
        found = await view(subject, item(w, 1))
        assert (found.state, found.closed_by, found.note) == (QuarantineState.DISCARDED, "keeper", "why")
        assert (await view(subject, item(w, 2))).state is QuarantineState.OPEN

    async def test_what_is_closed_stays_as_it_is(self, subject: Subject) -> None:
        w = World()
        message = short(w, 1, 1)
        await add(subject, message)
        await close(subject, message, state=QuarantineState.DISCARDED)
        before = await view(subject, message)
        await subject.apply(w.arrival(2, warehouse=1), w.departure(1))
        async with subject.open_work() as work:
            await work.quarantine.close([message.id], QuarantineState.APPLIED, "other", "late", LATER)
            await work.quarantine.refuse_again(message.id, Reason.TOMBSTONE, {"n": 1}, LATER)
            await work.quarantine.close_applied([w.movement(1)], LATER)
        assert await view(subject, message) == before

    async def test_nothing_to_close_is_fine(self, subject: Subject) -> None:
        await close(subject, state=QuarantineState.APPLIED)
        async with subject.open_work() as work:
            await work.quarantine.close([item(World(), 1).id], QuarantineState.APPLIED, "a", "", LATER)
            await work.quarantine.refuse_again(item(World(), 1).id, Reason.TOMBSTONE, {}, LATER)
            await work.quarantine.close_applied([], LATER)

    async def test_a_failed_retry_says_why_this_time(self, subject: Subject) -> None:
        w = World()
        message = short(w, 1, 1)
        await add(subject, message)
        async with subject.open_work() as work:
            await work.quarantine.refuse_again(message.id, Reason.CONFLICTING_MESSAGE, {"n": 1}, LATER)
        found = await view(subject, message)
        assert (found.state, found.times) == (QuarantineState.OPEN, 1)
        assert (found.reason, found.details) == (Reason.CONFLICTING_MESSAGE, {"n": 1})

    async def test_applied_departures_close_their_items(self, subject: Subject) -> None:
        w = World()
        applied, other = short(w, 1, 1), short(w, 2, 2)
        conflict = item(w, 3, reason=Reason.CONFLICTING_MESSAGE, movement=1)
        await add(subject, applied, other, conflict)
        async with subject.open_work() as work:
            await work.book.apply([w.arrival(9, warehouse=1), w.departure(1)], Shortage.REFUSE, LATER)
            await work.quarantine.close_applied([w.movement(1)], LATER)
        states = [(await view(subject, each)).state for each in (applied, other, conflict)]
        assert states == [QuarantineState.APPLIED, QuarantineState.OPEN, QuarantineState.OPEN]
