"""What the desk of deliveries promises to operators."""

from dataclasses import dataclass

import msgspec
import pytest

from contracts.ports.lanes import LONG, OutboxSubject, fact, told
from core.kernel.errors import InvalidCursor
from core.kernel.requests import AnsweredBefore, RequestKey
from core.kernel.work import OpenWork
from core.operations.api import ChosenDeliveries, DeliveriesChanged, DeliveryState
from core.operations.ports import DeliveryReader, FactReader, OperationsWork

SOME = 10


@dataclass
class DeskSubject:
    """The outbox of one adapter, and the desk over the same store."""

    outbox: OutboxSubject
    reader: DeliveryReader
    facts: FactReader
    open_work: OpenWork[OperationsWork]

    async def kill(self, stock: int, *numbers: int, error: str = "boom") -> list[int]:
        """Publish facts of one stock of which the first one dies for ``one``; their numbers in the outbox."""
        await self.outbox.publish(*((stock, number) for number in numbers))
        lease = await self.outbox.lease()
        batch = [d for d in await self.outbox.lanes.next(lease, 100) if d.key == fact(stock, 0).key()]
        await self.outbox.lanes.fail(batch[0], error, None)
        await self.outbox.lanes.release(lease)
        return [delivery.seq for delivery in batch]

    async def due(self) -> list[int]:
        """Numbers of the facts that a relay of ``one`` would be given."""
        lease = await self.outbox.lanes.claim("one", 64)
        if lease is None:
            return []
        found = told(await self.outbox.lanes.next(lease, 100))
        await self.outbox.lanes.release(lease)
        return sorted(found)

    async def replay(self, **chosen: object) -> list[int]:
        """Replay deliveries of ``one`` in a unit of work; those that were chosen."""
        async with self.open_work() as work:
            seqs = await work.deliveries.lock(_chosen(**chosen), SOME)
            await work.deliveries.replay("one", seqs, self.outbox.clock.now())
        return seqs

    async def drop(self, **chosen: object) -> list[int]:
        """Drop deliveries of ``one`` in a unit of work; those that were chosen."""
        async with self.open_work() as work:
            seqs = await work.deliveries.lock(_chosen(**chosen), SOME)
            await work.deliveries.drop("one", seqs)
        return seqs


class DeskSuite:
    """Base of the suites: a subclass per adapter says what ``subject`` is."""

    @pytest.fixture
    def subject(self) -> DeskSubject:
        """The desk over an empty store."""
        raise NotImplementedError


class DeliveryReaderSuite(DeskSuite):
    """Lists, and one delivery with its fact."""

    async def test_an_empty_store_shows_nothing(self, subject: DeskSubject) -> None:
        assert (await subject.reader.deliveries(None, None, SOME, None, failed=False)).items == []
        assert await subject.reader.delivery("one", 1) is None

    async def test_a_dead_one_is_shown_with_its_error(self, subject: DeskSubject) -> None:
        first, _ = await subject.kill(1, 1, 2)
        (dead,) = (await subject.reader.deliveries("one", DeliveryState.DEAD, SOME, None, failed=False)).items
        assert (dead.seq, dead.subscriber, dead.attempts, dead.failed, dead.error) == (first, "one", 1, True, "boom")
        assert (dead.name, dead.key, dead.payload) == (fact(1, 1).name, fact(1, 1).key(), None)
        whole = await subject.reader.delivery("one", first)
        assert whole is not None
        assert whole.payload == msgspec.to_builtins(fact(1, 1))
        assert msgspec.structs.replace(whole, payload=None) == dead

    async def test_those_that_failed_are_found_among_others(self, subject: DeskSubject) -> None:
        first, _ = await subject.kill(1, 1, 2)
        later = (await subject.kill(2, 3))[0]
        await subject.replay(seq=later)
        page = await subject.reader.deliveries(None, None, 1, None, failed=True)
        rest = await subject.reader.deliveries(None, None, 1, page.next_cursor, failed=True)
        assert [(item.seq, item.state) for item in page.items + rest.items] == [(first, "dead"), (later, "pending")]
        assert rest.next_cursor is None
        assert (await subject.reader.deliveries("two", None, SOME, None, failed=True)).items == []

    async def test_pages_follow_the_order_of_facts(self, subject: DeskSubject) -> None:
        await subject.outbox.publish((1, 1), (2, 2), (3, 3))
        seen, cursor = [], None
        while True:
            page = await subject.reader.deliveries(None, None, 2, cursor, failed=False)
            assert len(page.items) <= 2
            seen += [(item.seq, item.subscriber) for item in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len(seen) == 6
        assert seen == sorted(seen)
        assert len((await subject.reader.deliveries("two", DeliveryState.PENDING, SOME, None, failed=False)).items) == 3

    async def test_a_forged_cursor_is_refused(self, subject: DeskSubject) -> None:
        with pytest.raises(InvalidCursor):
            await subject.reader.deliveries(None, None, SOME, "nonsense", failed=False)


class FactReaderSuite(DeskSuite):
    """The outbox as one who follows it sees it."""

    async def test_an_empty_outbox_has_nothing(self, subject: DeskSubject) -> None:
        assert await subject.facts.last(SOME) == []
        assert await subject.facts.after(0, [], SOME) == []

    async def test_a_fact_is_shown_as_it_was_published(self, subject: DeskSubject) -> None:
        await subject.outbox.publish((1, 1))
        (found,) = await subject.facts.last(SOME)
        assert (found.name, found.version, found.key) == (fact(1, 1).name, fact(1, 1).version, fact(1, 1).key())
        assert msgspec.json.decode(found.payload) == msgspec.to_builtins(fact(1, 1))
        assert found.occurred_at == subject.outbox.clock.now()

    async def test_the_last_ones_come_in_their_order(self, subject: DeskSubject) -> None:
        await subject.outbox.publish(*((1, number) for number in range(5)))
        every = await subject.facts.last(SOME)
        assert [item.seq for item in every] == sorted(item.seq for item in every)
        assert await subject.facts.last(2) == every[-2:]

    async def test_one_reads_on_and_asks_for_what_was_missing(self, subject: DeskSubject) -> None:
        await subject.outbox.publish(*((1, number) for number in range(5)))
        seqs = [item.seq for item in await subject.facts.last(SOME)]

        async def read(seq: int, missing: list[int], limit: int) -> list[int]:
            return [item.seq for item in await subject.facts.after(seq, missing, limit)]

        assert await read(seqs[2], [], SOME) == seqs[3:]
        assert await read(seqs[2], [seqs[0], seqs[1], seqs[-1] + 100], 1) == [*seqs[:2], seqs[3]]
        assert await read(seqs[-1], [], SOME) == []

    async def test_what_was_done_is_still_there(self, subject: DeskSubject) -> None:
        await subject.outbox.publish((1, 1))
        await subject.outbox.lanes.finish(await subject.outbox.take())
        assert len(await subject.facts.last(SOME)) == 1


class DeliveriesSuite(DeskSuite):
    """Replay and drop."""

    async def test_a_replayed_one_is_due_and_goes_on_holding_its_key(self, subject: DeskSubject) -> None:
        first, _ = await subject.kill(1, 1, 2)
        assert await subject.due() == []
        assert await subject.replay(seq=first) == [first]
        assert await subject.due() == [1]
        view = await subject.reader.delivery("one", first)
        assert view is not None
        assert (view.state, view.attempts, view.failed) == (DeliveryState.PENDING, 0, True)

    async def test_a_replayed_one_that_is_done_frees_its_key(self, subject: DeskSubject) -> None:
        (first, *_) = await subject.kill(1, 1, 2, 3)
        await subject.due()
        await subject.replay(seq=first)
        (delivery,) = await subject.outbox.take()
        await subject.outbox.lanes.finish([delivery])
        subject.outbox.clock.advance(LONG.total_seconds())
        assert await subject.due() == [2, 3]

    async def test_one_that_waits_for_its_next_try_is_replayed_at_once(self, subject: DeskSubject) -> None:
        await subject.outbox.publish((1, 1))
        lease = await subject.outbox.lease()
        (delivery,) = await subject.outbox.lanes.next(lease, 100)
        await subject.outbox.lanes.fail(delivery, "boom", subject.outbox.clock.now() + 100 * LONG)
        await subject.outbox.lanes.release(lease)
        assert await subject.due() == []
        await subject.replay(seq=delivery.seq)
        assert await subject.due() == [1]

    async def test_dropping_frees_the_key(self, subject: DeskSubject) -> None:
        first, _ = await subject.kill(1, 1, 2)
        assert await subject.due() == []
        assert await subject.drop(seq=first) == [first]
        assert await subject.due() == [2]
        assert await subject.reader.delivery("one", first) is None
        assert await subject.reader.delivery("two", first) is not None

    async def test_only_failed_ones_are_chosen(self, subject: DeskSubject) -> None:
        first, second = await subject.kill(1, 1, 2)
        assert await subject.drop(seq=second) == []
        assert await subject.drop(seq=first + 1000) == []
        async with subject.open_work() as work:
            other = ChosenDeliveries(subscriber="two", seq=first)
            assert await work.deliveries.lock(other, SOME) == []

    async def test_many_are_chosen_by_name_and_error(self, subject: DeskSubject) -> None:
        first = (await subject.kill(1, 1, error="OSError: disk"))[0]
        second = (await subject.kill(2, 2, error="ValueError: 100%"))[0]
        name = fact(1, 1).name
        async with subject.open_work() as work:
            assert await work.deliveries.lock(_chosen(), SOME) == [first, second]
            assert await work.deliveries.lock(_chosen(), 1) == [first]
            assert await work.deliveries.lock(_chosen(name=name, error="0%"), SOME) == [second]
            assert await work.deliveries.lock(_chosen(name="other"), SOME) == []
            assert await work.deliveries.lock(_chosen(error="disk%"), SOME) == []

    async def test_a_rollback_changes_nothing(self, subject: DeskSubject) -> None:
        (first,) = await subject.kill(1, 1)

        async def fail() -> None:
            async with subject.open_work() as work:
                await work.deliveries.drop("one", await work.deliveries.lock(_chosen(), SOME))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        assert await subject.reader.delivery("one", first) is not None

    async def test_a_request_is_answered_once(self, subject: DeskSubject) -> None:
        request = RequestKey(principal="a", route="POST /x", key="k", digest=b"d")
        async with subject.open_work(request=request) as work:
            await work.answer(DeliveriesChanged(1, more=False))
        with pytest.raises(AnsweredBefore) as before:
            async with subject.open_work(request=request):
                pass
        assert msgspec.json.decode(before.value.result, type=DeliveriesChanged) == DeliveriesChanged(1, more=False)


def _chosen(**chosen: object) -> ChosenDeliveries:
    return msgspec.convert({"subscriber": "one", **chosen}, ChosenDeliveries)
