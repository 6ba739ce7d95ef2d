"""All that the memory adapter keeps, and who may write."""

import asyncio
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID
from weakref import WeakSet

import msgspec

from adapters.memory.tables import Table
from core.identity.domain.account import Account, Handle
from core.identity.domain.address import Address
from core.identity.domain.code import Code
from core.identity.domain.networks import IpRule
from core.identity.domain.profile import Profile
from core.identity.domain.session import RefreshToken, Session
from core.identity.factors import Totp
from core.identity.keys import ApiKey
from core.identity.rights import Role, RoleChange
from core.identity.telegram import TelegramLink
from core.identity.traces import Attempt
from core.inventory.api import (
    AdjustmentView,
    AlertView,
    Decision,
    LedgerEntry,
    QuarantineState,
    StocktakeLine,
    StocktakeView,
)
from core.inventory.domain.movement import Half, MovementEvent
from core.inventory.domain.stock import Waiting
from core.inventory.ports import QuarantinedMessage
from core.kernel.audit import AuditEntry
from core.kernel.outbox import Delivery

EventKey = tuple[UUID, Half]
Pair = tuple[UUID, UUID]


class Entry(msgspec.Struct, frozen=True):
    """One kept event: its place in the order of receipt, and the stock right after it, None while it is parked.

    ``overdue`` marks a departure that is under way for too long, ``cancelled`` one that was taken back.
    """

    event: MovementEvent
    seq: int
    received_at: datetime
    balance: int | None
    overdue: bool = False
    cancelled: bool = False

    @property
    def left(self) -> bool:
        """Whether it is a departure whose goods are away from their stock."""
        return self.event.half is Half.DEPARTURE and self.balance is not None and not self.cancelled


class Stock(msgspec.Struct, frozen=True):
    """Pieces of one product in one warehouse, and the departures that wait for more, and whether it is low."""

    quantity: int = 0
    waiting: tuple[Waiting, ...] = ()
    threshold: int | None = None
    low: bool = False


class Booking(msgspec.Struct, frozen=True):
    """A change of the stock of one pair."""

    pair: Pair
    entry: LedgerEntry


class Limit(msgspec.Struct, frozen=True):
    """How long goods that left a warehouse may be under way; None as long as where nothing is said."""

    hours: int | None = None


class Item(msgspec.Struct, frozen=True):
    """A quarantined message and what became of it."""

    message: QuarantinedMessage
    state: QuarantineState
    times: int
    last_seen: datetime
    closed_by: str | None = None
    note: str | None = None


class Waits(msgspec.Struct, frozen=True):
    """A delivery that is not done; ``failed`` once an attempt was in vain."""

    delivery: Delivery
    state: str
    due_at: datetime
    failed: bool = False
    error: str | None = None


class Answered(msgspec.Struct, frozen=True):
    """What a request was answered, as JSON, and the digest of what it asked."""

    digest: bytes
    result: bytes
    at: datetime


class Lane(msgspec.Struct):
    """Who may work a lane: the last fencing number, until when it is leased, and when it may be worked again."""

    fence: int = 0
    leased_until: datetime | None = None
    resume_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """Every table; ``stocks`` has a row for each warehouse and product that some kept event or adjustment named."""

    entries: Table[EventKey, Entry] = field(default_factory=lambda: Table(Entry))
    envelopes: Table[tuple[int, UUID], EventKey] = field(default_factory=lambda: Table(tuple[UUID, Half]))
    stocks: Table[Pair, Stock] = field(default_factory=lambda: Table(Stock))
    ledger: Table[int, Booking] = field(default_factory=lambda: Table(Booking))
    adjustments: Table[UUID, AdjustmentView] = field(default_factory=lambda: Table(AdjustmentView))
    decisions: Table[UUID, Decision] = field(default_factory=lambda: Table(Decision))
    stocktakes: Table[UUID, StocktakeView] = field(default_factory=lambda: Table(StocktakeView))
    counts: Table[tuple[UUID, UUID], StocktakeLine] = field(default_factory=lambda: Table(StocktakeLine))
    limits: Table[UUID, Limit] = field(default_factory=lambda: Table(Limit))
    quarantine: Table[UUID, Item] = field(default_factory=lambda: Table(Item))
    identities: Table[str, UUID] = field(default_factory=lambda: Table(UUID))
    alerts: Table[UUID, AlertView] = field(default_factory=lambda: Table(AlertView))
    accounts: Table[UUID, Account] = field(default_factory=lambda: Table(Account))
    handles: Table[Handle, UUID] = field(default_factory=lambda: Table(UUID))
    sessions: Table[UUID, Session] = field(default_factory=lambda: Table(Session))
    refresh_tokens: Table[bytes, RefreshToken] = field(default_factory=lambda: Table(RefreshToken))
    codes: Table[UUID, Code] = field(default_factory=lambda: Table(Code))
    roles: Table[UUID, Role] = field(default_factory=lambda: Table(Role))
    holders: Table[tuple[UUID, UUID], tuple[UUID, UUID]] = field(default_factory=lambda: Table(tuple[UUID, UUID]))
    role_changes: Table[UUID, RoleChange] = field(default_factory=lambda: Table(RoleChange))
    api_keys: Table[UUID, ApiKey] = field(default_factory=lambda: Table(ApiKey))
    totps: Table[UUID, Totp] = field(default_factory=lambda: Table(Totp))
    recovery_codes: Table[tuple[UUID, bytes], UUID] = field(default_factory=lambda: Table(UUID))
    telegram_links: Table[UUID, TelegramLink] = field(default_factory=lambda: Table(TelegramLink))
    profiles: Table[UUID, Profile] = field(default_factory=lambda: Table(Profile))
    addresses: Table[UUID, Address] = field(default_factory=lambda: Table(Address))
    ip_rules: Table[UUID, IpRule] = field(default_factory=lambda: Table(IpRule))
    attempts: Table[UUID, Attempt] = field(default_factory=lambda: Table(Attempt))
    audit: Table[UUID, AuditEntry] = field(default_factory=lambda: Table(AuditEntry))
    outbox: Table[int, Delivery] = field(default_factory=lambda: Table(Delivery))
    deliveries: Table[tuple[str, int], Waits] = field(default_factory=lambda: Table(Waits))
    answered: Table[tuple[str, str, str], Answered] = field(default_factory=lambda: Table(Answered))

    def draft(self) -> "Tables":
        """Drafts of all tables."""
        return Tables(*(getattr(self, each.name).draft() for each in fields(self)))

    def commit(self) -> None:
        """Put what these drafts hold into their tables."""
        for each in fields(self):
            getattr(self, each.name).commit()


class MemoryStore:
    """What is committed, and the lock that lets one unit of work write at a time."""

    def __init__(self) -> None:
        self.committed = Tables()
        self.writing = asyncio.Lock()
        self.writer: asyncio.Task[Any] | None = None
        self.receipts = count(1)
        self.lanes: dict[tuple[str, int], Lane] = {}
        self.asking: set[tuple[str, str, str]] = set()
        self._listening: WeakSet[asyncio.Event] = WeakSet()

    def listen(self) -> asyncio.Event:
        """An event of its own for one listener, set whenever facts were kept."""
        rings = asyncio.Event()
        self._listening.add(rings)
        return rings

    def ring(self) -> None:
        """Tell every listener that facts were kept."""
        for rings in self._listening:
            rings.set()
