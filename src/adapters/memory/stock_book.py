"""The ledger in memory: one event after another by the rules of the domain, which makes it the oracle of others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from adapters.memory.stock_levels import judge
from adapters.memory.store import Booking, Entry, Pair, Stock, Tables
from core.inventory.api import AdjustmentView, Cause, LedgerEntry, MovementStatus
from core.inventory.domain.errors import InsufficientStock, MovementNotFound, NotCovered, NotUnderWay
from core.inventory.domain.movement import (
    APPLIED,
    PARKED,
    Half,
    MovementEvent,
    Verdict,
    judge_pair,
    judge_repeat,
    refused,
)
from core.inventory.domain.stock import Change, Folded, Shortage, fold
from core.inventory.ports import Adjusted, Adjustment, AllAdjusted, Booked, Cancelled, Cleared, StockBook

OTHER = {Half.DEPARTURE: Half.ARRIVAL, Half.ARRIVAL: Half.DEPARTURE}


@dataclass(frozen=True, slots=True)
class MemoryStockBook(StockBook):
    """Keeps events and stocks in a draft."""

    tables: Tables
    receipts: Iterator[int]

    async def apply(self, events: Sequence[MovementEvent], shortage: Shortage, at: datetime) -> Booked:
        """Judge and apply events one after another."""
        booked = Booked([], [])
        cleared: list[Cleared] = []
        for event in events:
            verdict = self._judge(event)
            if verdict is None:
                verdict, released = self._book(event, shortage, at)
                booked.released.extend(released)
                cleared += self._clear(event)
            booked.verdicts.append(verdict)
        pairs = dict.fromkeys((event.warehouse_id, event.product_id) for event in events)
        return msgspec.structs.replace(booked, turns=judge(self.tables, pairs), cleared=cleared)

    async def adjust(self, adjustment: Adjustment) -> Adjusted:
        """Change one stock by hand.

        :raises InsufficientStock: it would fall below zero.
        """
        try:
            adjusted = await self.adjust_all([adjustment])
        except NotCovered as refusal:
            raise InsufficientStock(deficiency=refusal.missing[0]) from None
        return Adjusted(adjusted.balances[0], adjusted.released, adjusted.turns)

    async def adjust_all(self, adjustments: Sequence[Adjustment]) -> AllAdjusted:
        """Change stocks by hand, all or none.

        :raises NotCovered: some would fall below zero.
        """
        folds = [
            self._fold(_pair_of(each), Change(each.delta, each.at, each.id, 0), Shortage.REFUSE) for each in adjustments
        ]
        balances = [folded.balances[0] for folded in folds]
        if None in balances:
            raise NotCovered(balances, [folded.missing[0] for folded in folds])
        released = [event for each, folded in zip(adjustments, folds, strict=True) for event in self._set(each, folded)]
        kept = [balance for balance in balances if balance is not None]
        return AllAdjusted(kept, released, judge(self.tables, map(_pair_of, adjustments)))

    def _set(self, adjustment: Adjustment, folded: Folded) -> list[MovementEvent]:
        pair, at, balance = _pair_of(adjustment), adjustment.at, folded.balances[0]
        assert balance is not None
        self.tables.adjustments.put(adjustment.id, _view(adjustment, balance))
        self._note(
            pair,
            LedgerEntry(
                delta=adjustment.delta,
                balance_after=balance,
                occurred_at=at,
                recorded_at=at,
                cause=Cause.ADJUSTMENT,
                movement_id=None,
                adjustment_id=adjustment.id,
            ),
        )
        return self._keep(pair, folded, at)

    async def cancel(self, movement_id: UUID, at: datetime) -> Cancelled:
        """Take a departure back.

        :raises MovementNotFound: no half of it has come.
        :raises NotUnderWay: it was cancelled before, or its arrival has come.
        """
        entry = self._under_way(movement_id)
        event = entry.event
        pair = event.warehouse_id, event.product_id
        key = movement_id, Half.DEPARTURE
        self.tables.entries.put(key, msgspec.structs.replace(entry, overdue=False, cancelled=True))
        if entry.balance is None:
            stock = self.tables.stocks.get(pair) or Stock()
            left = tuple(item for item in stock.waiting if item.movement_id != movement_id)
            self.tables.stocks.put(pair, msgspec.structs.replace(stock, waiting=left))
            return Cancelled(event, 0, [], [], was_overdue=False)
        folded = self._fold(pair, Change(event.quantity, at, movement_id, 0), Shortage.REFUSE)
        balance = folded.balances[0]
        assert balance is not None
        back = _entry(event, balance, at, Cause.CANCELLATION)
        self._note(pair, msgspec.structs.replace(back, delta=event.quantity, occurred_at=at))
        released = self._keep(pair, folded, at)
        return Cancelled(event, event.quantity, released, judge(self.tables, [pair]), was_overdue=entry.overdue)

    def _under_way(self, movement_id: UUID) -> Entry:
        departed = self.tables.entries.get((movement_id, Half.DEPARTURE))
        if self.tables.entries.get((movement_id, Half.ARRIVAL)) is not None:
            raise NotUnderWay(movement_id=str(movement_id), status=MovementStatus.COMPLETED.value)
        if departed is None:
            raise MovementNotFound(movement_id=str(movement_id))
        if departed.cancelled:
            raise NotUnderWay(movement_id=str(movement_id), status=MovementStatus.CANCELLED.value)
        return departed

    def _judge(self, event: MovementEvent) -> Verdict | None:
        entries = self.tables.entries
        by_half = entries.get((event.movement_id, event.half))
        verdict = judge_repeat(event, by_half.event if by_half else None, self._by_envelope(event))
        other = entries.get((event.movement_id, OTHER[event.half]))
        if verdict is None and other is not None:
            place, product = other.event.warehouse_id, other.event.product_id
            return judge_pair(event, place, product, cancelled=other.cancelled)
        return verdict

    def _clear(self, arrival: MovementEvent) -> list[Cleared]:
        """Take the mark off a departure whose arrival was kept."""
        key = arrival.movement_id, Half.DEPARTURE
        departed = self.tables.entries.get(key)
        if arrival.half is Half.DEPARTURE or departed is None or not departed.overdue:
            return []
        self.tables.entries.put(key, msgspec.structs.replace(departed, overdue=False))
        return [Cleared(arrival.movement_id, departed.event.warehouse_id, departed.event.product_id)]

    def _by_envelope(self, event: MovementEvent) -> MovementEvent | None:
        if event.source is None or event.envelope_id is None:
            return None
        key = self.tables.envelopes.get((event.source, event.envelope_id))
        entry = self.tables.entries.get(key) if key else None
        return entry.event if entry else None

    def _book(self, event: MovementEvent, shortage: Shortage, at: datetime) -> tuple[Verdict, list[MovementEvent]]:
        pair = event.warehouse_id, event.product_id
        seq = next(self.receipts)
        folded = self._fold(pair, Change(event.delta, event.occurred_at, event.movement_id, seq), shortage)
        balance = folded.balances[0]
        if balance is None and shortage is Shortage.REFUSE:
            return refused(folded.missing[0]), []
        key = event.movement_id, event.half
        self.tables.entries.put(key, Entry(event, seq, at, balance))
        if event.source is not None and event.envelope_id is not None:
            self.tables.envelopes.put((event.source, event.envelope_id), key)
        if balance is None:
            return PARKED, self._keep(pair, folded, at)
        self._note(pair, _entry(event, balance, at, Cause(event.half)))
        return APPLIED, self._keep(pair, folded, at)

    def _fold(self, pair: Pair, change: Change, shortage: Shortage) -> Folded:
        stock = self.tables.stocks.get(pair) or Stock()
        return fold(stock.quantity, stock.waiting, [change], shortage)

    def _keep(self, pair: Pair, folded: Folded, at: datetime) -> list[MovementEvent]:
        stock = self.tables.stocks.get(pair) or Stock()
        gone = {item.movement_id for item, _, _ in folded.released}
        left = [item for item in stock.waiting if item.movement_id not in gone]
        waiting = (*left, *folded.parked)
        self.tables.stocks.put(pair, msgspec.structs.replace(stock, quantity=folded.quantity, waiting=waiting))
        return [self._let_go((item.movement_id, Half.DEPARTURE), balance, at) for item, balance, _ in folded.released]

    def _let_go(self, key: tuple[UUID, Half], balance: int, at: datetime) -> MovementEvent:
        entry = self.tables.entries.get(key)
        assert entry is not None
        self.tables.entries.put(key, msgspec.structs.replace(entry, balance=balance))
        event = entry.event
        self._note((event.warehouse_id, event.product_id), _entry(event, balance, at, Cause.RELEASE))
        return event

    def _note(self, pair: Pair, entry: LedgerEntry) -> None:
        self.tables.ledger.put(next(self.receipts), Booking(pair, entry))


def _entry(event: MovementEvent, balance: int, at: datetime, cause: Cause) -> LedgerEntry:
    return LedgerEntry(
        delta=event.delta,
        balance_after=balance,
        occurred_at=event.occurred_at,
        recorded_at=at,
        cause=cause,
        movement_id=event.movement_id,
        adjustment_id=None,
    )


def _pair_of(adjustment: Adjustment) -> Pair:
    return adjustment.warehouse_id, adjustment.product_id


def _view(adjustment: Adjustment, balance: int) -> AdjustmentView:
    return AdjustmentView(
        id=adjustment.id,
        warehouse_id=adjustment.warehouse_id,
        product_id=adjustment.product_id,
        delta=adjustment.delta,
        balance_after=balance,
        reason=adjustment.reason,
        note=adjustment.note,
        actor=adjustment.actor,
        created_at=adjustment.at,
    )
