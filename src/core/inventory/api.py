"""What others may see of inventory: the shapes of its answers."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

Pieces = Annotated[int, Meta(description="Pieces.")]


class MovementStatus(StrEnum):
    """How far a movement has come, by the halves that were applied."""

    PENDING = "pending"
    IN_TRANSIT = "in_transit"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class MovementFlag(StrEnum):
    """What is unusual about a movement."""

    CLOCK_SKEW = "clock_skew"
    DEPARTURE_PARKED = "departure_parked"
    SHORTAGE = "shortage"
    SURPLUS = "surplus"
    EXTERNAL_RECEIPT = "external_receipt"


class Variance(StrEnum):
    """Whether somebody has decided about goods that were missing or too many."""

    OPEN = "open"
    RESOLVED = "resolved"


class VarianceOutcome(StrEnum):
    """What had become of goods that were missing or too many."""

    LOST = "lost"
    DAMAGED = "damaged"
    MISCOUNTED = "miscounted"
    FOUND = "found"


class Decided(StrEnum):
    """What somebody decided about a movement: to cancel it, or what had become of its variance."""

    CANCELLED = "cancelled"
    LOST = "lost"
    DAMAGED = "damaged"
    MISCOUNTED = "miscounted"
    FOUND = "found"


class Decision(msgspec.Struct, frozen=True, gc=False):
    """Who decided what about a movement, when and why."""

    outcome: Decided
    note: str
    actor: str
    decided_at: datetime


class MovementView(msgspec.Struct, frozen=True, kw_only=True):
    """Both halves of a movement in one; a half that has not come is null.

    ``quantity_diff`` is departed minus arrived. ``duration_seconds`` is null with the flag ``clock_skew`` when the
    arrival is older than the departure. ``variance`` is null where as much arrived as departed, or a half has not come.
    """

    movement_id: UUID
    product_id: UUID
    source_warehouse_id: UUID | None
    destination_warehouse_id: UUID | None
    departure_time: datetime | None
    arrival_time: datetime | None
    duration_seconds: float | None
    departed_quantity: int | None
    arrived_quantity: int | None
    quantity_diff: int | None
    shortage: int | None
    surplus: int | None
    matched: bool
    status: MovementStatus
    flags: list[MovementFlag]
    variance: Variance | None
    decision: Decision | None


class Basis(StrEnum):
    """By which time the past is told: when things happened, or when they were recorded."""

    EVENT = "event"
    RECORDED = "recorded"


class StockFlag(StrEnum):
    """What is unusual about a past stock."""

    BACKDATED_NEGATIVE = "backdated_negative"


class StockView(msgspec.Struct, frozen=True, gc=False):
    """How much of a product lies in a warehouse, in pieces; an unknown pair holds 0.

    The last three are there only where a past stock was asked for, which may be below 0 by event time.
    """

    warehouse_id: UUID
    product_id: UUID
    quantity: int
    as_of: datetime | UnsetType = UNSET
    by: Basis | UnsetType = UNSET
    flags: list[StockFlag] | UnsetType = UNSET


class Cause(StrEnum):
    """What changed a stock; ``release`` is a parked departure that was applied later, ``cancellation`` a departure that
    was taken back."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    RELEASE = "release"
    ADJUSTMENT = "adjustment"
    CANCELLATION = "cancellation"


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One change of a stock by ``delta`` pieces, and the stock right after it.

    ``occurred_at`` is when it happened by the message, ``recorded_at`` when it was received or let go. One of the two
    ids is null.
    """

    delta: int
    balance_after: int
    occurred_at: datetime
    recorded_at: datetime
    cause: Cause
    movement_id: UUID | None
    adjustment_id: UUID | None


class ThresholdView(msgspec.Struct, frozen=True, gc=False):
    """From how many pieces down a stock is low, null when nobody watches it, and from how many on it has recovered."""

    warehouse_id: UUID
    product_id: UUID
    threshold: int | None
    rearms_at: int | None


class AlertKind(StrEnum):
    """What an alert tells of."""

    LOW_STOCK = "low_stock"
    OVERDUE_TRANSIT = "overdue_transit"


class AlertState(StrEnum):
    """Whether what an alert tells of still holds."""

    OPEN = "open"
    CLEARED = "cleared"


class AlertView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody should look at, since when, until when, and who has looked.

    ``movement_id`` is null where it is about a stock.
    """

    id: UUID
    kind: AlertKind
    state: AlertState
    warehouse_id: UUID
    product_id: UUID
    movement_id: UUID | None
    details: dict[str, Any]
    since: datetime
    cleared_at: datetime | None
    acked_at: datetime | None
    acked_by: str | None
    note: str | None


class WarehouseView(msgspec.Struct, frozen=True, gc=False):
    """A warehouse that some message named: its products in stock and their pieces."""

    warehouse_id: UUID
    products: int
    quantity: int


class InTransitView(msgspec.Struct, frozen=True, gc=False):
    """Goods that left and have not arrived."""

    movement_id: UUID
    product_id: UUID
    source_warehouse_id: UUID
    quantity: int
    departed_at: datetime


class InTransitTotal(msgspec.Struct, frozen=True, gc=False):
    """All that left one warehouse of one product and has not arrived."""

    source_warehouse_id: UUID
    product_id: UUID
    movements: int
    quantity: int


class TransitLimitView(msgspec.Struct, frozen=True, gc=False):
    """How long goods that left a warehouse may be under way before they are overdue.

    ``is_default`` is true where the warehouse has no limit of its own.
    """

    warehouse_id: UUID
    hours: int
    is_default: bool


class AdjustmentReason(StrEnum):
    """Why stock is set right by hand."""

    OPENING_BALANCE = "opening_balance"
    COUNT = "count"
    DAMAGE = "damage"
    LOSS = "loss"
    FOUND = "found"
    CORRECTION = "correction"
    STOCKTAKE = "stocktake"


BY_HAND = [reason.value for reason in AdjustmentReason if reason is not AdjustmentReason.STOCKTAKE]
ReasonByHand = Annotated[
    AdjustmentReason,
    Meta(
        description="All but `stocktake`, which closing one writes.", extra_json_schema={"not": {"const": "stocktake"}}
    ),
]


MOST_PIECES = 10**9

Delta = Annotated[
    int,
    Meta(
        ge=-MOST_PIECES,
        le=MOST_PIECES,
        description="Pieces to add, below 0 to take off; not 0.",
        extra_json_schema={"not": {"const": 0}},
    ),
]
Note = Annotated[str, Meta(max_length=500, pattern=r"^[^\u0000]*$", description="A word for those who come later.")]


class AdjustmentView(msgspec.Struct, frozen=True, kw_only=True):
    """One adjustment and the stock right after it, in pieces."""

    id: UUID
    warehouse_id: UUID
    product_id: UUID
    delta: int
    balance_after: int
    reason: AdjustmentReason
    note: str
    actor: str
    created_at: datetime


class ImportedRow(msgspec.Struct, frozen=True, gc=False):
    """One row of a table: the stock after it, in pieces, null where the stock does not cover it."""

    line: int
    warehouse_id: UUID
    product_id: UUID
    delta: int
    balance_after: int | None


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a table, or would come: nothing where something is wrong. ``errors`` are the first of ``wrong``."""

    applied: bool
    wrong: int
    errors: list[dict[str, Any]]
    rows: list[ImportedRow]


class StocktakeState(StrEnum):
    """How far a stocktake has come; only an open one changes."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class StocktakeView(msgspec.Struct, frozen=True, kw_only=True):
    """A count of what lies in a warehouse.

    ``lines`` counts products, ``surplus`` and ``shortage`` the pieces by which they differ; ``version`` grows with
    every change. Who ended it, and when, is null while it is open.
    """

    id: UUID
    warehouse_id: UUID
    state: StocktakeState
    note: str
    version: int
    lines: int
    surplus: int
    shortage: int
    opened_at: datetime
    opened_by: str
    ended_at: datetime | None
    ended_by: str | None


class StocktakeLine(msgspec.Struct, frozen=True, gc=False):
    """What was counted of a product, and what its stock held then; ``difference`` is counted minus on hand."""

    product_id: UUID
    counted: int
    on_hand: int
    difference: int
    counted_at: datetime
    counted_by: str


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many pieces of a product were counted."""

    product_id: UUID
    counted: Annotated[int, Meta(ge=0, le=MOST_PIECES, description="Pieces.")]


class Counted(msgspec.Struct, frozen=True):
    """The stocktake after a count, and the lines that the count made."""

    stocktake: StocktakeView
    lines: list[StocktakeLine]


class Outcome(StrEnum):
    """What became of an event; every event is exactly one of them."""

    APPLIED = "applied"
    PARKED = "parked"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why a message was not applied; the stable code of a quarantined message."""

    TOMBSTONE = "tombstone"
    NOT_JSON = "not_json"
    DOUBLED_KEY = "doubled_key"
    WRONG_FIELDS = "wrong_fields"
    SUBJECT_MISMATCH = "subject_mismatch"
    UNSUPPORTED_SCHEMA = "unsupported_schema"
    CONFLICTING_MESSAGE = "conflicting_message"
    CONFLICTING_ENVELOPE = "conflicting_envelope"
    PRODUCT_MISMATCH = "product_mismatch"
    SAME_WAREHOUSE = "same_warehouse"
    MOVEMENT_CANCELLED = "movement_cancelled"
    INSUFFICIENT_STOCK = "insufficient_stock"
    UNPROCESSABLE = "unprocessable"


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """The answer to one event; ``reason`` is set for refused and rejected, ``deficiency`` (pieces) for refused."""

    outcome: Outcome
    reason: Reason | None = None
    deficiency: int | None = None


class QuarantineState(StrEnum):
    """What became of a quarantined message."""

    OPEN = "open"
    APPLIED = "applied"
    DISCARDED = "discarded"


class Door(StrEnum):
    """Where a message came in."""

    KAFKA = "kafka"
    WEBHOOK = "webhook"


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Where a message came from; the last three are Kafka's place of it."""

    door: Door
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None


class QuarantineView(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was not applied, with its bytes in base64 and, where they are UTF-8, as text.

    ``times`` counts how often it came.
    """

    id: UUID
    reason: str
    state: QuarantineState
    origin: Origin
    movement_id: UUID | None
    details: dict[str, Any]
    times: int
    first_seen: datetime
    last_seen: datetime
    closed_by: str | None
    note: str | None
    raw: str | None
    text: str | None


class Discarded(msgspec.Struct, frozen=True):
    """The final state of a message that was given up."""

    state: QuarantineState


class BulkResult(msgspec.Struct, frozen=True):
    """What a bulk act did: messages it closed, those that stay open, and whether more of the reason wait."""

    closed: int
    left_open: int
    more: bool
