"""The stock book on PostgreSQL: a batch is a handful of statements, whatever its size."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from adapters.postgres import stock_book_sql as sql
from adapters.postgres.copying import copy, moment
from adapters.postgres.event_rows import (
    OVERDUE,
    Row,
    adjustment_row,
    cancellation_row,
    cleared_by,
    departure_of,
    event_row,
    kept_adjustment_row,
    open_row,
    parked_row,
    put_back_row,
    release_row,
    was_overdue,
)
from adapters.postgres.kept_events import Caution, KeptEvents
from adapters.postgres.segments import segment_of
from adapters.postgres.stock_batch import Entry, entries_of, judge_twins, next_round
from adapters.postgres.stock_changes import add_sums, fold_stocks, sum_up
from adapters.postgres.stock_ids import StockIds
from adapters.postgres.stock_levels import turns_of
from adapters.postgres.store import PostgresStore
from core.inventory.domain.errors import InsufficientStock, NotCovered
from core.inventory.domain.movement import APPLIED, PARKED, MovementEvent, refused
from core.inventory.domain.stock import Change, Folded, Shortage, Waiting
from core.inventory.ports import Adjusted, Adjustment, AllAdjusted, Booked, Cancelled, StockBook, Turn
from core.kernel.errors import Contended

Releases = dict[int, list[tuple[Waiting, int]]]
"""By position of the entry whose goods let them go: parked departures and the stock right after each."""


class PostgresStockBook(StockBook):
    """Events, stocks and open halves, changed in one transaction of the caller.

    The order is always: hold the hot segment, number new stocks, look, meet halves, change stocks by number, write.
    Writers of one stock wait for each other at the stock and never in a circle.
    """

    def __init__(self, connection: asyncpg.Connection, store: PostgresStore, ids: StockIds, caution: Caution) -> None:
        """:param connection: with the transaction of the caller.
        :param store: reads beside it.
        """
        self._connection = connection
        self._ids = ids
        self._caution = caution
        self._kept = KeptEvents(connection, store, caution)
        self._turned: set[int] = set()
        self._places: list[int] = []

    async def apply(self, events: Sequence[MovementEvent], shortage: Shortage, at: datetime) -> Booked:
        await self._connection.execute(sql.HOLD_SEGMENT)
        entries = rest = entries_of(events, await self._ids.of(self._connection, events))
        released: list[Waiting] = []
        while rest:
            taken = next_round(rest, shortage)
            async with self._kept.judged(taken.entries, shortage) as fresh:
                releases = await self._change(fresh, entries, shortage)
                if shortage is Shortage.REFUSE:
                    await self._kept.look_again([entry for entry in fresh if not entry.is_stored])
                await self._write(taken.entries, releases, entries, at)
            judge_twins(taken.twins)
            released += [item for items in releases.values() for item, _ in items]
            rest = taken.rest
        verdicts = [entry.verdict for entry in entries if entry.verdict is not None]
        cleared = [cleared_by(entry) for entry in entries if entry.met is not None and was_overdue(entry)]
        return Booked(verdicts, await self._events_of(released, entries), await self._turns(), cleared)

    async def adjust(self, adjustment: Adjustment) -> Adjusted:
        try:
            adjusted = await self.adjust_all([adjustment])
        except NotCovered as refusal:
            raise InsufficientStock(deficiency=refusal.missing[0]) from None
        return Adjusted(adjusted.balances[0], adjusted.released, adjusted.turns)

    async def adjust_all(self, adjustments: Sequence[Adjustment]) -> AllAdjusted:
        await self._connection.execute(sql.HOLD_SEGMENT)
        stock_ids = await self._ids.of(self._connection, adjustments)
        changes = [Change(each.delta, each.at, each.id, -1) for each in adjustments]
        folds = await self._adjust(dict(zip(stock_ids, changes, strict=True)))
        if any(folded.missing[0] for folded in folds):
            raise NotCovered([folded.balances[0] for folded in folds], [folded.missing[0] for folded in folds])
        taken = await self._take(len(folds) + sum(len(folded.released) for folded in folds))
        seqs = iter(taken)
        events: list[bytes] = []
        kept: list[Row] = []
        for stock_id, adjustment, folded in zip(stock_ids, adjustments, folds, strict=True):
            seq, balance = next(seqs), folded.balances[0]
            events.append(adjustment_row(seq, stock_id, adjustment, balance))
            kept.append(kept_adjustment_row(seq, stock_id, adjustment, balance))
            events += _release_rows(folded, seqs, stock_id, moment(adjustment.at))
        await self._copy(segment_of(taken[0]), sql.EVENT_COLUMNS, events)
        await self._connection.copy_records_to_table(
            "adjustment", schema_name="inventory", columns=sql.ADJUSTMENT_COLUMNS, records=kept
        )
        gone = await self._events_of([item for folded in folds for item, _, _ in folded.released], [])
        balances = [balance for folded in folds if (balance := folded.balances[0]) is not None]
        return AllAdjusted(balances, gone, await self._turns())

    async def cancel(self, movement_id: UUID, at: datetime) -> Cancelled:
        await self._connection.execute(sql.HOLD_SEGMENT)
        half = await self._kept.under_way(movement_id)
        departure, stock_id = departure_of(half), half["stock_id"]
        await self._connection.execute(sql.CANCEL_HALF.text, movement_id)
        if not half["applied"]:
            await self._connection.execute(sql.UNPARK.text, stock_id)
            await self._connection.execute(sql.RELEASE.text, [half["seq"]])
            return Cancelled(departure, 0, [], [], was_overdue=False)
        (folded,) = await self._adjust({stock_id: Change(departure.quantity, at, movement_id, -1)})
        recorded = moment(at)
        taken = await self._take(1 + len(folded.released))
        seqs = iter(taken)
        rows = [cancellation_row(next(seqs), half, folded.balances[0], recorded)]
        rows += _release_rows(folded, seqs, stock_id, recorded)
        await self._copy(segment_of(taken[0]), sql.EVENT_COLUMNS, rows)
        released = await self._events_of([item for item, _, _ in folded.released], [])
        was_overdue = half["state"] == OVERDUE
        return Cancelled(departure, departure.quantity, released, await self._turns(), was_overdue=was_overdue)

    async def _adjust(self, changes: Mapping[int, Change]) -> list[Folded]:
        """What becomes of one change per number of a stock, in order."""
        before, unsure = await self._add([(number, each.delta) for number, each in changes.items()])
        folds: dict[int, Folded] = {}
        if unsure:
            doubtful = {number: [changes[number]] for number in unsure}
            folds = await fold_stocks(self._connection, unsure, doubtful, Shortage.REFUSE, self._turned)
        for number, quantity in before.items():
            after = quantity + changes[number].delta
            folds[number] = Folded(after, [after], [0])
        return [folds[number] for number in changes]

    async def _change(self, fresh: list[Entry], entries: Sequence[Entry], shortage: Shortage) -> Releases:
        """Change the stocks and set the verdicts of new entries."""
        if not fresh:
            return {}
        balances, unsure = await self._add([(entry.stock_id, entry.delta) for entry in fresh])
        doubtful: dict[int, list[Entry]] = {number: [] for number in unsure}
        for entry in fresh:
            number = entry.stock_id
            if number in unsure:
                doubtful[number].append(entry)
            else:
                entry.balance = balances[number] = balances[number] + entry.delta
                entry.verdict = APPLIED
        return await self._fold(unsure, doubtful, entries, shortage) if unsure else {}

    async def _fold(
        self, unsure: dict[int, int], doubtful: dict[int, list[Entry]], entries: Sequence[Entry], shortage: Shortage
    ) -> Releases:
        changes = {number: [entry.change() for entry in group] for number, group in doubtful.items()}
        releases: Releases = {}
        for number, folded in (await fold_stocks(self._connection, unsure, changes, shortage, self._turned)).items():
            group = doubtful[number]
            for entry, balance, missing in zip(group, folded.balances, folded.missing, strict=True):
                entry.balance = balance
                short = PARKED if shortage is Shortage.PARK else refused(missing)
                entry.verdict = short if balance is None else APPLIED
            for item, balance, index in folded.released:
                releases.setdefault(group[index].position, []).append((item, balance))
                if item.seq < 0:
                    entries[-1 - item.seq].waits = False
        return releases

    async def _add(self, deltas: Sequence[tuple[int, int]]) -> tuple[dict[int, int], dict[int, int]]:
        """Change stocks, and take a place of the ledger for each change, while all of them are locked."""
        try:
            added = await add_sums(self._connection, sum_up(deltas), len(deltas), self._turned)
        except Contended:
            self._ids.forget()
            raise
        self._places = added.places
        return added.before, added.unsure

    async def _turns(self) -> list[Turn]:
        """What became of the stocks that turned since the last call; asks for nothing when none did."""
        turned, self._turned = self._turned, set()
        return await turns_of(self._connection, turned) if turned else []

    async def _write(self, judged: list[Entry], releases: Releases, entries: Sequence[Entry], at: datetime) -> None:
        stored = [entry for entry in judged if entry.is_stored]
        lone: dict[int, Entry] = {}
        if stored:
            seqs = await self._take(len(stored) + sum(len(items) for items in releases.values()))
            rows = _event_rows(stored, releases, entries, iter(seqs), lone, moment(at))
            await self._copy(segment_of(seqs[0]), sql.EVENT_COLUMNS, rows)
            waiting = [parked_row(entry) for entry in stored if entry.balance is None and entry.waits]
            if waiting:
                await self._copy("parked", sql.PARKED_COLUMNS, waiting)
        let_go = {item.movement_id for items in releases.values() for item, _ in items}
        halves = [put_back_row(entry.met, let_go) for entry in judged if entry.met is not None and not entry.is_stored]
        halves += [open_row(lone[movement]) for movement in sorted(lone)]
        if halves:
            await self._copy("open_half", sql.OPEN_HALF_COLUMNS, halves)

    async def _take(self, count: int) -> list[int]:
        """The next places of the ledger, ascending; what is left over of those that were taken stays empty."""
        taken, self._places = self._places, []
        if count > len(taken):
            taken += await self._connection.fetchval(sql.NEXT_SEQS.text, count - len(taken))
        return taken

    async def _events_of(self, items: Sequence[Waiting], entries: Sequence[Entry]) -> list[MovementEvent]:
        kept = await self._kept.at([item.seq for item in items if item.seq >= 0])
        return [kept[item.seq] if item.seq >= 0 else entries[-1 - item.seq].event for item in items]

    async def _copy(self, table: str, columns: list[str], rows: Iterable[bytes]) -> None:
        try:
            await copy(self._connection, table, columns, rows)
        except asyncpg.UniqueViolationError:
            self._caution.raise_()
            raise
        except asyncpg.UndefinedTableError as error:
            # A turn to the next segment was cut short; the next upkeep finishes it.
            raise Contended(part="segments") from error


def _event_rows(
    stored: Sequence[Entry],
    releases: Releases,
    entries: Sequence[Entry],
    seqs: Iterator[int],
    lone: dict[int, Entry],
    recorded: int,
) -> Iterator[bytes]:
    """Give events and the departures that they let go their places, and make rows of them."""
    for entry in stored:
        entry.seq = next(seqs)
        _pair(entry, lone)
        yield event_row(entry, recorded)
        for item, balance in releases.get(entry.position, ()):
            parked_seq = item.seq if item.seq >= 0 else entries[-1 - item.seq].seq
            yield release_row(next(seqs), entry.stock_id, item, parked_seq, balance, recorded)


def _pair(entry: Entry, lone: dict[int, Entry]) -> None:
    """Let a half meet the one that came before it in the batch, or wait among the lone ones."""
    if entry.first_seq is None:
        movement = entry.event.movement_id.int
        first = lone.pop(movement, None)
        if first is None:
            lone[movement] = entry
        else:
            entry.first_seq = first.seq


def _release_rows(folded: Folded, seqs: Iterator[int], stock_id: int, recorded: int) -> list[bytes]:
    """The rows of departures that a change let go, at the places that follow its own."""
    return [release_row(next(seqs), stock_id, item, item.seq, after, recorded) for item, after, _ in folded.released]
