"""What the ledger knows already, and the judgement of events against it."""

import asyncio
from collections.abc import AsyncIterator, Collection, Container, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from adapters.postgres.event_rows import CANCELLED, event_of
from adapters.postgres.settled_runs import FIRST_ENVELOPE_CLASS
from adapters.postgres.stock_batch import ARRIVAL, DEPARTURE, Entry, keys_of, wanted_ids, wanted_keys
from adapters.postgres.stock_book_sql import EVENTS, HOLD_HALF, LOOK_ALL, LOOK_OLD, MEET_HALVES
from adapters.postgres.store import PostgresStore
from core.inventory.api import MovementStatus
from core.inventory.domain.errors import MovementNotFound, NotUnderWay
from core.inventory.domain.movement import MovementEvent, Verdict, judge_pair, judge_repeat
from core.inventory.domain.stock import Shortage
from core.kernel.errors import Contended

Known = Mapping[tuple[int, int], tuple[int, MovementEvent]]
CAUTIOUS_BATCHES = 20


class Caution:
    """Whether batches look for repeats in the hot segment before they write.

    Its unique indexes find every repeat anyway, at the price of doing the batch again. So where repeats are rare it
    pays not to look, and after one was found it pays to look for a while.
    """

    def __init__(self) -> None:
        self.left = 0

    def raise_(self) -> None:
        """A repeat was found."""
        self.left = CAUTIOUS_BATCHES

    def relax(self) -> None:
        """A batch had no repeat."""
        self.left = max(0, self.left - 1)


class KeptEvents:
    """Looks events up by their keys, by their movement, and by their place."""

    def __init__(self, connection: asyncpg.Connection, store: PostgresStore, caution: Caution) -> None:
        """:param connection: with a transaction that holds the hot segment.
        :param store: reads beside that transaction.
        """
        self._connection = connection
        self._store = store
        self._caution = caution

    @asynccontextmanager
    async def judged(self, entries: Sequence[Entry], shortage: Shortage) -> AsyncIterator[list[Entry]]:
        """Set the verdicts that follow from what is kept, and the other half where it came first.

        Open halves that meet theirs are taken out; those of entries that are not stored in the end must be put back.
        What is settled never changes, so where no repeats are expected it is looked through beside the transaction,
        and the hot segment tells of its own when an entry is written. Where an entry may not be written at all, all is
        looked through before.

        :returns: the entries that are new; within the block they are written.
        :raises Contended: an entry turned out to be a repeat, or to meet a half that left the open ones long ago.
        """
        halves = await self._meet(entries)
        if shortage is Shortage.REFUSE or self._caution.left > 0 or not self._store.has_spare():
            yield _judge(entries, halves, await self._look(entries, halves))
            return
        async with self._store.connection() as beside:
            places = asyncio.create_task(beside.fetch(LOOK_OLD.text, wanted_ids(entries, halves)))
            try:
                fresh = _judge(entries, halves, {})
                if len(fresh) < len(entries):
                    raise self._repeated()
                yield fresh
                if (found := await places) and await self._events_at(found, *wanted_keys(entries, halves)):
                    raise self._repeated()
            finally:
                places.cancel()
                await asyncio.gather(places, return_exceptions=True)

    async def look_again(self, refused: Sequence[Entry]) -> None:
        """Make sure that what is about to be refused was not just applied by somebody else.

        :param refused: entries whose stock is locked by now, so that whoever took it with the same message is done.
        :raises Contended: one of them is known now.
        """
        known = await self._look(refused) if refused else {}
        if any(_repeat(entry, known) is not None for entry in refused):
            raise Contended(part="keys")

    async def under_way(self, movement_id: UUID) -> asyncpg.Record:
        """The open half of a departure, held against arrivals and other cancellations.

        :raises MovementNotFound: no half of the movement has come.
        :raises NotUnderWay: it was cancelled before, or its arrival has come.
        :raises Contended: a rejected arrival had taken it out and has put it back meanwhile.
        """
        half = await self._connection.fetchrow(HOLD_HALF.text, movement_id)
        if half is not None and half["delta"] < 0:
            if half["state"] == CANCELLED:
                raise NotUnderWay(movement_id=str(movement_id), status=MovementStatus.CANCELLED.value)
            return half
        places = await self._connection.fetch(LOOK_ALL.text, [movement_id])
        known = {kind for _, kind in await self._events_at(places, [movement_id] * 2, [DEPARTURE, ARRIVAL])}
        if ARRIVAL in known:
            raise NotUnderWay(movement_id=str(movement_id), status=MovementStatus.COMPLETED.value)
        if DEPARTURE in known:
            raise Contended(part="half")
        raise MovementNotFound(movement_id=str(movement_id))

    async def at(self, seqs: Collection[int]) -> dict[int, MovementEvent]:
        """The events at places of the ledger."""
        if not seqs:
            return {}
        return {row["seq"]: event_of(row) for row in await self._connection.fetch(EVENTS.text, sorted(seqs))}

    async def _look(self, entries: Sequence[Entry], met: Container[int] = ()) -> Known:
        places = await self._connection.fetch(LOOK_ALL.text, wanted_ids(entries, met))
        known = await self._events_at(places, *wanted_keys(entries, met)) if places else {}
        if known:
            self._caution.raise_()
        else:
            self._caution.relax()
        return known

    def _repeated(self) -> Contended:
        self._caution.raise_()
        return Contended(part="keys")

    async def _events_at(self, places: Sequence[asyncpg.Record], ids: Sequence[UUID], classes: Sequence[int]) -> Known:
        """Those of the wanted keys that the events at some places have."""
        events = await self.at({seq for (seq,) in places})
        wanted = set(zip(ids, classes, strict=True))
        kept = [(key, seq, event) for seq, event in events.items() for key in keys_of(event)]
        return {(key[0].int, key[1]): (seq, event) for key, seq, event in kept if key in wanted}

    async def _meet(self, entries: Sequence[Entry]) -> dict[int, asyncpg.Record]:
        """By movement the open halves whose other one is among the entries."""
        arriving = [entry.event.movement_id for entry in entries if entry.kind == ARRIVAL]
        departing = [entry.event.movement_id for entry in entries if entry.kind == DEPARTURE]
        args = MEET_HALVES.args(arriving=arriving, departing=departing)
        found = await self._connection.fetch(MEET_HALVES.text, *args)
        return {row["movement_id"].int: row for row in found}


def _judge(entries: Sequence[Entry], halves: Mapping[int, asyncpg.Record], known: Known) -> list[Entry]:
    """Set the verdicts of repeats and of halves that do not fit theirs; what is left is new."""
    fresh = []
    for entry in entries:
        if known:
            entry.verdict = _repeat(entry, known)
        first = halves.get(entry.event.movement_id.int)
        if first is not None and (first["delta"] < 0) is (entry.kind == ARRIVAL):
            entry.met = met = tuple(first)
            _, entry.first_seq, *_, state, place, product = met
            if entry.verdict is None:
                entry.verdict = judge_pair(entry.event, place, product, cancelled=state == CANCELLED)
        elif known and entry.verdict is None and entry.kind == DEPARTURE:
            _judge_with_old_arrival(entry, known)
        if entry.verdict is None:
            fresh.append(entry)
    return fresh


def _repeat(entry: Entry, known: Known) -> Verdict | None:
    event = entry.event
    by_half = known.get((event.movement_id.int, entry.kind))
    by_envelope = None
    if event.envelope_id is not None and event.source is not None:
        by_envelope = known.get((event.envelope_id.int, FIRST_ENVELOPE_CLASS + event.source))
    return judge_repeat(event, by_half and by_half[1], by_envelope and by_envelope[1])


def _judge_with_old_arrival(entry: Entry, known: Known) -> None:
    """Pair a departure with an arrival that came so long ago that it left the open halves."""
    found = known.get((entry.event.movement_id.int, ARRIVAL))
    if found is not None:
        entry.first_seq, other = found
        entry.verdict = judge_pair(entry.event, other.warehouse_id, other.product_id)
