"""Rows of the ledger. A row's ``delta`` changed its stock exactly where it has a ``balance``.

A parked departure is a row without a balance; when goods come in, a release is written that points to it. So rows are
only ever added, and in the order of ``seq`` the balances of a stock follow one another.
"""

from collections.abc import Collection
from struct import Struct
from typing import Any
from uuid import UUID

import asyncpg

from adapters.postgres.copying import ABSENT, BIGINT, BOOLEAN, ID, INTEGER, SMALLINT, layout, moment, packed
from adapters.postgres.stock_batch import ADJUSTMENT, ARRIVAL, CANCELLATION, RELEASE, Entry
from core.inventory.domain.movement import Half, MovementEvent
from core.inventory.domain.stock import Waiting
from core.inventory.ports import Adjustment, Cleared

Row = tuple[Any, ...]
OPEN, OVERDUE, CANCELLED = 0, 1, 2
EVENT = BIGINT, SMALLINT, SMALLINT, INTEGER, BIGINT, BIGINT, BIGINT, BIGINT, BIGINT, ID, ID
OPEN_HALF = ID, BIGINT, INTEGER, BIGINT, BIGINT, BOOLEAN, SMALLINT
PARKED = BIGINT, INTEGER, BIGINT, BIGINT, ID
_FIRST_SEQ = 8
_FIRST, _SECOND, _HALF = (
    Struct(layout(EVENT, _FIRST_SEQ)).pack,
    Struct(layout(EVENT)).pack,
    Struct(layout(OPEN_HALF)).pack,
)


def ledger_row(
    seq: int,
    kind: int,
    source: int | None,
    stock_id: int,
    delta: int,
    balance: int | None,
    occurred: int,
    recorded: int,
    first_seq: int | None,
    movement: bytes,
    envelope: bytes | None,
) -> bytes:
    """A row of the ledger as it is copied; moments are microseconds."""
    if source is None or balance is None or envelope is None:
        values = seq, kind, source, stock_id, delta, balance, occurred, recorded, first_seq, movement, envelope
        return packed(EVENT, values)
    # fmt: off
    if first_seq is None:
        return _FIRST(
            11, 8, seq, 2, kind, 2, source, 4, stock_id, 8, delta, 8, balance, 8, occurred, 8, recorded, ABSENT,
            16, movement, 16, envelope,
        )
    return _SECOND(
        11, 8, seq, 2, kind, 2, source, 4, stock_id, 8, delta, 8, balance, 8, occurred, 8, recorded, 8, first_seq,
        16, movement, 16, envelope,
    )
    # fmt: on


def event_row(entry: Entry, recorded: int) -> bytes:
    """The row of a stored event."""
    event = entry.event
    envelope = event.envelope_id
    return ledger_row(
        entry.seq,
        entry.kind,
        event.source,
        entry.stock_id,
        entry.delta,
        entry.balance,
        moment(event.occurred_at),
        recorded,
        entry.first_seq,
        event.movement_id.bytes,
        None if envelope is None else envelope.bytes,
    )


def release_row(seq: int, stock_id: int, item: Waiting, parked_seq: int, balance: int, recorded: int) -> bytes:
    """The row of a parked departure that is applied now.

    :param parked_seq: where the parked departure stands.
    """
    occurred, movement = moment(item.occurred_at), item.movement_id.bytes
    return ledger_row(
        seq, RELEASE, None, stock_id, -item.amount, balance, occurred, recorded, parked_seq, movement, None
    )


def adjustment_row(seq: int, stock_id: int, adjustment: Adjustment, balance: int | None) -> bytes:
    """The row of an adjustment; its id stands in for a movement."""
    at, delta = moment(adjustment.at), adjustment.delta
    return ledger_row(seq, ADJUSTMENT, None, stock_id, delta, balance, at, at, None, adjustment.id.bytes, None)


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


def cancellation_row(seq: int, half: asyncpg.Record, balance: int | None, recorded: int) -> bytes:
    """The row of a departure that is taken back.

    :param half: the open half of the departure.
    """
    stock_id, delta, movement = half["stock_id"], -half["delta"], half["movement_id"].bytes
    return ledger_row(
        seq, CANCELLATION, None, stock_id, delta, balance, recorded, recorded, half["seq"], movement, None
    )


def departure_of(half: asyncpg.Record) -> MovementEvent:
    """The departure that an open half with its warehouse and product tells of."""
    place, product = half["warehouse_id"], half["product_id"]
    return MovementEvent(half["movement_id"], Half.DEPARTURE, place, product, -half["delta"], half["occurred_at"])


def open_row(entry: Entry) -> bytes:
    """The row of a half whose other one has not come."""
    event = entry.event
    applied = entry.balance is not None or not entry.waits
    movement, occurred = event.movement_id.bytes, moment(event.occurred_at)
    return _HALF(7, 16, movement, 8, entry.seq, 4, entry.stock_id, 8, entry.delta, 8, occurred, 1, applied, 2, OPEN)


def put_back_row(met: Row, let_go: Collection[UUID]) -> bytes:
    """The row of a half that a rejected one has met.

    :param let_go: movements that goods of the same batch have let go meanwhile.
    """
    movement, seq, stock_id, delta, at, applied, state, _, _ = met
    applied = applied or movement in let_go
    return _HALF(7, 16, movement.bytes, 8, seq, 4, stock_id, 8, delta, 8, moment(at), 1, applied, 2, state)


def was_overdue(entry: Entry) -> bool:
    """Whether an event ended the way of goods that were marked as overdue."""
    return entry.met is not None and entry.met[-3] == OVERDUE and entry.is_stored


def cleared_by(entry: Entry) -> Cleared:
    """The goods whose way an event ended."""
    assert entry.met is not None
    return Cleared(entry.met[0], entry.met[-2], entry.met[-1])


def parked_row(entry: Entry) -> bytes:
    """The row of a departure that waits for stock."""
    event = entry.event
    return packed(
        PARKED,
        (entry.seq, entry.stock_id, event.quantity, moment(event.occurred_at), event.movement_id.bytes),
    )


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
