"""Rows of the ledger. A row's ``delta`` changed its stock exactly where it has a ``balance``.

A parked departure is a row without a balance; when goods come in, a release is written that points to it. So rows are
only ever added, and in the order of ``seq`` the balances of a stock follow one another.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from adapters.postgres.stock_batch import ADJUSTMENT, ARRIVAL, CANCELLATION, RELEASE, Entry
from core.inventory.domain.movement import Half, MovementEvent
from core.inventory.domain.stock import Waiting
from core.inventory.ports import Adjustment, Cleared

Row = tuple[Any, ...]
OPEN, OVERDUE, CANCELLED = 0, 1, 2


def event_row(entry: Entry, at: datetime) -> Row:
    """The row of a stored event."""
    event = entry.event
    return (
        entry.seq,
        entry.kind,
        event.source,
        entry.stock_id,
        entry.delta,
        entry.balance,
        event.occurred_at,
        at,
        entry.first_seq,
        event.movement_id,
        event.envelope_id,
    )


def release_row(seq: int, stock_id: int, item: Waiting, parked_seq: int, balance: int, at: datetime) -> Row:
    """The row of a parked departure that is applied now.

    :param parked_seq: where the parked departure stands.
    """
    return (
        seq,
        RELEASE,
        None,
        stock_id,
        -item.amount,
        balance,
        item.occurred_at,
        at,
        parked_seq,
        item.movement_id,
        None,
    )


def adjustment_row(seq: int, stock_id: int, adjustment: Adjustment, balance: int | None) -> Row:
    """The row of an adjustment; its id stands in for a movement."""
    at = adjustment.at
    return (seq, ADJUSTMENT, None, stock_id, adjustment.delta, balance, at, at, None, adjustment.id, None)


def kept_adjustment_row(seq: int, stock_id: int, adjustment: Adjustment, balance: int | None) -> Row:
    """The row that tells why an adjustment was made, and by whom."""
    return (
        adjustment.id,
        stock_id,
        seq,
        adjustment.delta,
        balance,
        adjustment.reason.value,
        adjustment.note,
        adjustment.actor,
        adjustment.at,
    )


def cancellation_row(seq: int, half: asyncpg.Record, balance: int | None, at: datetime) -> Row:
    """The row of a departure that is taken back.

    :param half: the open half of the departure.
    """
    stock_id, delta, movement_id = half["stock_id"], half["delta"], half["movement_id"]
    return (seq, CANCELLATION, None, stock_id, -delta, balance, at, at, half["seq"], movement_id, None)


def departure_of(half: asyncpg.Record) -> MovementEvent:
    """The departure that an open half with its warehouse and product tells of."""
    place, product = half["warehouse_id"], half["product_id"]
    return MovementEvent(half["movement_id"], Half.DEPARTURE, place, product, -half["delta"], half["occurred_at"])


def open_row(entry: Entry) -> Row:
    """The row of a half whose other one has not come."""
    event = entry.event
    applied = entry.balance is not None or not entry.waits
    return (event.movement_id, entry.seq, entry.stock_id, entry.delta, event.occurred_at, applied, OPEN)


def put_back_row(met: Row, let_go: Collection[UUID]) -> Row:
    """The row of a half that a rejected one has met.

    :param let_go: movements that goods of the same batch have let go meanwhile.
    """
    *place, applied, state, _, _ = met
    return (*place, applied or met[0] in let_go, state)


def was_overdue(entry: Entry) -> bool:
    """Whether an event ended the way of goods that were marked as overdue."""
    return entry.met is not None and entry.met[-3] == OVERDUE and entry.is_stored


def cleared_by(entry: Entry) -> Cleared:
    """The goods whose way an event ended."""
    assert entry.met is not None
    return Cleared(entry.met[0], entry.met[-2], entry.met[-1])


def parked_row(entry: Entry) -> Row:
    """The row of a departure that waits for stock."""
    event = entry.event
    return (entry.seq, entry.stock_id, event.quantity, event.occurred_at, event.movement_id)


def event_of(row: asyncpg.Record) -> MovementEvent:
    """The event that a row with its warehouse and product tells of."""
    return MovementEvent(
        row["movement_id"],
        Half.ARRIVAL if row["kind"] == ARRIVAL else Half.DEPARTURE,
        row["warehouse_id"],
        row["product_id"],
        abs(row["delta"]),
        row["occurred_at"],
        row["source"],
        row["envelope_id"],
    )
