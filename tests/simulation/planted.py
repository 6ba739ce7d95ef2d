"""Bugs that are planted to see whether the simulation finds them; each is a right part with one thing wrong."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from adapters.memory.cache import MemoryCache
from adapters.memory.clock import FakeClock
from adapters.memory.ids import SeededIds
from adapters.memory.stock_book import MemoryStockBook
from core.inventory.domain.envelope import read_envelope
from core.inventory.domain.errors import Unreadable
from core.inventory.domain.movement import DUPLICATE, MovementEvent, Reason, Verdict
from core.inventory.events import StockAdjusted
from core.inventory.ports import InventoryWork
from core.inventory.usecases.record_messages import Answer, Kept, Message, RecordMessages
from core.kernel.actor import Actor
from core.kernel.facts import Fact
from core.kernel.messages import MessageSource, Record
from core.kernel.outbox import Delivery
from core.kernel.requests import RequestKey
from core.kernel.work import FactListener, OpenWork
from tests.simulation import cached, outbox
from tests.simulation.chance import Chance
from tests.simulation.loop import SimLoop
from tests.simulation.runs import Scenario
from tests.simulation.stock import RATES, Parts, StockRun

Pair = tuple[UUID, UUID]


@dataclass
class OffsetsFirst(MessageSource):
    """Tells the log that a batch is done before the database has it."""

    inner: MessageSource

    async def next_batch(self) -> Sequence[Record]:
        """Give a batch that is finished already."""
        batch = await self.inner.next_batch()
        await self.inner.done(batch)
        return batch

    def holds(self, batch: Sequence[Record]) -> bool:
        """Always."""
        return True

    async def done(self, batch: Sequence[Record]) -> None:
        """It was."""

    def lag(self) -> Mapping[str, int]:
        """Pass on."""
        return self.inner.lag()


class StockLocks:
    """A lock for each stock, taken one after another as a database would."""

    def __init__(self) -> None:
        self._locks: dict[Pair, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def take(self, pairs: Iterable[Pair]) -> list[asyncio.Lock]:
        """Lock stocks in the given order; a round trip lies between two."""
        taken: list[asyncio.Lock] = []
        try:
            for pair in pairs:
                await self._locks[pair].acquire()
                taken.append(self._locks[pair])
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            give_back(taken)
            raise
        return taken


def give_back(locks: Iterable[asyncio.Lock]) -> None:
    """Release locks."""
    for lock in locks:
        lock.release()


@dataclass(frozen=True)
class LockingRecord(RecordMessages):
    """Locks the stocks of a batch before it is recorded, sorted or in the order of arrival."""

    locks: StockLocks
    in_order: bool

    async def __call__(
        self, actor: Actor, messages: Sequence[Message], *, request: RequestKey | None = None, kept: Kept | None = None
    ) -> list[Answer]:
        """Lock, record, release."""
        pairs = list(dict.fromkeys(_pairs(messages)))
        taken = await self.locks.take(sorted(pairs) if self.in_order else pairs)
        try:
            record = RecordMessages(self.work, self.clock, self.ids, self.cache)
            return await record(actor, messages, request=request, kept=kept)
        finally:
            give_back(taken)


def _pairs(messages: Sequence[Message]) -> Iterable[Pair]:
    for message in messages:
        try:
            event = read_envelope(message.raw, strict=True)
        except Unreadable:
            continue
        yield event.warehouse_id, event.product_id


class EnvelopeBook(MemoryStockBook):
    """Knows a repeat by its envelope alone."""

    __slots__ = ()

    def _judge(self, event: MovementEvent) -> Verdict | None:
        return None if self._by_envelope(event) is None else DUPLICATE


class ForgetfulBook(MemoryStockBook):
    """Lets goods arrive whose movement was cancelled."""

    __slots__ = ()

    def _judge(self, event: MovementEvent) -> Verdict | None:
        verdict = MemoryStockBook._judge(self, event)
        return None if verdict is not None and verdict.reason is Reason.MOVEMENT_CANCELLED else verdict


@dataclass(frozen=True)
class WrongBookWork(OpenWork[InventoryWork]):
    """Units of work over another book."""

    inner: OpenWork[InventoryWork]
    book: type[MemoryStockBook]

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[InventoryWork]:
        """Open one."""
        async with self.inner(delivery, request) as work:
            assert isinstance(work.book, MemoryStockBook)
            work.book = self.book(work.book.tables, work.book.receipts)
            yield work


@dataclass(frozen=True)
class EarlyWork(OpenWork[InventoryWork]):
    """Tells facts at once, and commits later or not at all."""

    inner: OpenWork[InventoryWork]
    listener: FactListener
    talker: type["_Early"] | None = None

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[InventoryWork]:
        """Open one that talks too early."""
        async with self.inner(delivery, request) as work:
            yield cast(InventoryWork, (self.talker or _Early)(work, self.listener))
            await asyncio.sleep(0.01)


class _Early:
    """A unit of work whose facts are heard at once."""

    def __init__(self, work: InventoryWork, listener: FactListener) -> None:
        self._work, self._listener = work, listener

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)

    def publish(self, *facts: Fact) -> None:
        """Tell before the commit."""
        self._listener.hear(facts)


class _Eager(_Early):
    """A unit of work whose facts are heard at once, and kept too."""

    def publish(self, *facts: Fact) -> None:
        """Tell before the commit, and let the relay tell again."""
        super().publish(*facts)
        self._work.publish(*facts)


@dataclass(frozen=True)
class Straight(FactListener):
    """The way to the outlet past the outbox."""

    outlet: outbox.Outlet
    wanted: frozenset[type[Fact]] = frozenset({StockAdjusted})

    def hear(self, facts: Sequence[Fact]) -> None:
        """Give them away."""
        self.outlet.taken += [fact for fact in facts if isinstance(fact, StockAdjusted)]


class EagerRun(outbox.OutboxRun):
    """Writers tell the outlet themselves, before they commit."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.work = EarlyWork(self.work, Straight(self.outlet), _Eager)


def _eager(loop: SimLoop, chance: Chance) -> Coroutine[Any, Any, None]:
    return EagerRun(loop, chance).run()


def _cache(loop: SimLoop, chance: Chance) -> Coroutine[Any, Any, None]:
    return cached.CacheRun(loop, chance, cached.forget_and_write).run()


def _outbox(loop: SimLoop, chance: Chance) -> Coroutine[Any, Any, None]:
    return outbox.OutboxRun(loop, chance, _apart).run()


def _apart(work: OpenWork[InventoryWork], ids: SeededIds) -> outbox.Mirror:
    return Apart(work, ids)


class Deaf(MemoryCache):
    """A cache that hears nothing of what changed."""

    async def forget(self, keys: Sequence[str]) -> bool:
        """Say that it was done."""
        return True


@dataclass(frozen=True)
class Apart(outbox.Mirror):
    """A reaction that leaves its effect in one transaction and takes its delivery in the next."""

    async def __call__(self, delivery: Delivery) -> None:
        """React, then mark done."""
        await outbox.Mirror(self.work, self.ids, once=False)(delivery)
        async with self.work(delivery):
            pass


def _scenario(make: Any) -> Scenario:
    def main(loop: SimLoop, chance: Chance) -> Coroutine[Any, Any, None]:
        return StockRun(loop, chance, make()).run()

    return Scenario(main, RATES, ())


def _with_book(book: type[MemoryStockBook]) -> Scenario:
    return _scenario(lambda: Parts(work=lambda work, _: WrongBookWork(work, book)))


def _locking(in_order: bool) -> Parts:
    locks = StockLocks()
    return Parts(record=lambda it: LockingRecord(it.work, it.clock, it.ids, it.cache, locks, in_order))


PLANTED = {
    "offsets before the database": _scenario(lambda: Parts(source=OffsetsFirst)),
    "locks in the order of arrival": _scenario(lambda: _locking(in_order=False)),
    "repeats known by their envelope alone": _with_book(EnvelopeBook),
    "arrivals of cancelled movements": _with_book(ForgetfulBook),
    "facts told before the commit": _scenario(lambda: Parts(work=EarlyWork)),
    "a cache that forgets nothing": _scenario(lambda: Parts(cache=lambda _: Deaf(FakeClock()))),
    "facts sent before the commit": Scenario(_eager, outbox.RATES, ()),
    "a delivery done apart from its effect": Scenario(_outbox, outbox.RATES, ()),
    "a cache that forgets before the commit": Scenario(_cache, cached.RATES, ()),
}
RIGHT = {"locks in one order": _scenario(lambda: _locking(in_order=True))}
