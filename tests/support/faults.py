"""Decorators that make a working adapter fail when a test wants it to."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.inventory.domain.movement import MovementEvent
from core.inventory.domain.stock import Shortage
from core.inventory.ports import Adjusted, Adjustment, AllAdjusted, Booked, Cancelled, InventoryWork, StockBook
from core.kernel.messages import MessageSource, Record
from core.kernel.outbox import Delivery
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork


@dataclass
class Faults:
    """What should go wrong from now on.

    ``opening`` and ``closing`` are raised by the next units of work, one each, before anything or right after the
    commit; ``breakers`` are movements that no book survives; while ``gate`` is not set, a unit of work waits before
    it commits.
    """

    opening: list[Exception] = field(default_factory=list)
    closing: list[Exception] = field(default_factory=list)
    breakers: set[UUID] = field(default_factory=set)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    opened: int = 0

    def __post_init__(self) -> None:
        self.gate.set()


@dataclass(frozen=True)
class FaultyWork(OpenWork[InventoryWork]):
    """Opens the units of work of another adapter, and fails as told."""

    inner: OpenWork[InventoryWork]
    faults: Faults

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[InventoryWork]:
        """Open one."""
        self.faults.opened += 1
        if self.faults.opening:
            raise self.faults.opening.pop(0)
        async with self.inner(delivery, request) as work:
            work.book = BreakingBook(work.book, self.faults.breakers)
            yield work
            await self.faults.gate.wait()
        if self.faults.closing:
            raise self.faults.closing.pop(0)


@dataclass
class BreakingBook(StockBook):
    """The book of another adapter, which breaks on some movements."""

    inner: StockBook
    breakers: set[UUID]

    async def apply(self, events: Sequence[MovementEvent], shortage: Shortage, at: datetime) -> Booked:
        """Break, or pass on."""
        if any(event.movement_id in self.breakers for event in events):
            raise ZeroDivisionError("a bug that this message finds")
        return await self.inner.apply(events, shortage, at)

    async def adjust(self, adjustment: Adjustment) -> Adjusted:
        """Pass on."""
        return await self.inner.adjust(adjustment)

    async def adjust_all(self, adjustments: Sequence[Adjustment]) -> AllAdjusted:
        """Pass on."""
        return await self.inner.adjust_all(adjustments)

    async def cancel(self, movement_id: UUID, at: datetime) -> Cancelled:
        """Pass on."""
        return await self.inner.cancel(movement_id, at)


@dataclass
class FaultySource(MessageSource):
    """A source that fails to poll, loses the batch in hand, or forgets to tell the log what is done."""

    inner: MessageSource
    polling: list[Exception] = field(default_factory=list)
    lost: bool = False
    forgets: bool = False

    async def next_batch(self) -> Sequence[Record]:
        """Fail, or pass on."""
        if self.polling:
            raise self.polling.pop(0)
        return await self.inner.next_batch()

    def holds(self, batch: Sequence[Record]) -> bool:
        """Whether it was not lost."""
        return not self.lost and self.inner.holds(batch)

    async def done(self, batch: Sequence[Record]) -> None:
        """Forget, or pass on."""
        if not self.forgets:
            await self.inner.done(batch)

    def lag(self) -> Mapping[str, int]:
        """Pass on."""
        return self.inner.lag()
