"""What other modules and entrypoints see of operations."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

BIGGEST = 2**63 - 1

SubscriberName = Annotated[
    str, Meta(min_length=1, max_length=200, pattern=r"^[^\u0000]+$", description="Who is to be told.")
]
Seq = Annotated[int, Meta(ge=1, le=BIGGEST, description="Number of the fact in the outbox.")]
FactName = Annotated[str, Meta(max_length=200, pattern=r"^[^\u0000]*$", description="Name of the fact.")]
ErrorPart = Annotated[
    str, Meta(min_length=1, max_length=500, pattern=r"^[^\u0000]*$", description="A part of the text of the error.")
]


class DeliveryState(StrEnum):
    """What becomes of a delivery that is not done."""

    PENDING = "pending"
    HELD = "held"
    DEAD = "dead"


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that a subscriber has not taken; ``payload`` is there when one delivery is asked for.

    ``failed`` ones hold back those of their key that come later. A ``held`` one waits behind such a one; it may be
    shown as ``pending`` until a relay comes across it.
    """

    subscriber: str
    seq: int
    id: UUID
    name: str
    version: int
    key: str
    state: DeliveryState
    attempts: int
    failed: bool
    error: str | None
    due_at: datetime
    occurred_at: datetime
    payload: dict[str, Any] | None = None


class FactView(msgspec.Struct, frozen=True, kw_only=True):
    """A fact in the outbox; ``payload`` is the fact itself."""

    seq: int
    id: UUID
    name: str
    version: int
    key: str
    occurred_at: datetime
    payload: msgspec.Raw


class Place(msgspec.Struct, frozen=True):
    """How far somebody has read: the highest number, and lower ones that may still be committed, each since when."""

    seq: int
    missing: Mapping[int, datetime]


class FactsFollowed(msgspec.Struct, frozen=True):
    """Facts in the order of their numbers, how far that is, and whether more are there already."""

    facts: list[FactView]
    place: Place
    more: bool


class ProcessView(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A process of Soty that works on the store: what it is for, since when, its number and its machine."""

    part: str
    started_at: datetime
    pid: int
    host: str


class ChosenDeliveries(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Failed deliveries of a subscriber: the one of a number, or all dead ones that fit what else is said."""

    subscriber: SubscriberName
    seq: Seq | None = None
    name: FactName | None = None
    error: ErrorPart | None = None


class DeliveriesChanged(msgspec.Struct, frozen=True):
    """How many deliveries were replayed or dropped, and whether more of them are left."""

    changed: int
    more: bool
