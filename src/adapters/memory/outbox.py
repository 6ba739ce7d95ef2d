"""The outbox in memory: facts, their deliveries, and who works their lanes."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from adapters.memory.store import Lane, MemoryStore, Tables, Waits
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.outbox import (
    Backlog,
    Bell,
    Delivery,
    Lanes,
    Lease,
    OutboxReader,
    OutboxUpkeep,
    Subscriptions,
    Superseded,
    lane_of,
)

LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class MemoryOutbox:
    """Puts facts into drafts, with a delivery for each subscriber."""

    store: MemoryStore
    subscriptions: Subscriptions
    clock: Clock
    ids: Ids

    def add(self, tables: Tables, facts: Sequence[Fact]) -> None:
        """Put those facts that somebody subscribes to."""
        for fact in facts:
            subscribers = self.subscriptions.of.get(type(fact), ())
            if subscribers:
                self._put(tables, fact, subscribers)

    def _put(self, tables: Tables, fact: Fact, subscribers: Sequence[str]) -> None:
        id_ = self.ids.new()
        key = fact.key() or str(id_)
        kept = Delivery(
            subscriber="",
            seq=next(self.store.receipts),
            id=id_,
            name=fact.name,
            version=fact.version,
            key=key,
            lane=lane_of(key),
            fence=0,
            payload=msgspec.json.encode(fact),
            occurred_at=self.clock.now(),
        )
        tables.outbox.put(kept.seq, kept)
        for name in subscribers:
            tables.deliveries.put((name, kept.seq), Waits(replace(kept, subscriber=name), "pending", kept.occurred_at))


def finish_within(store: MemoryStore, tables: Tables, delivery: Delivery) -> None:
    """Mark a delivery done in the draft of its effect.

    :raises Superseded: it is done, or its lane is another's.
    """
    if not remove(store, tables, delivery):
        raise Superseded(subscriber=delivery.subscriber, seq=delivery.seq)


def remove(store: MemoryStore, tables: Tables, delivery: Delivery) -> bool:
    """Take a delivery out, if its lane is still leased under its number, and let go those that waited behind it."""
    waits = tables.deliveries.get((delivery.subscriber, delivery.seq))
    if waits is None or waits.state != "pending" or not _holds(store, delivery):
        return False
    take_out(tables, waits)
    return True


def take_out(tables: Tables, waits: Waits) -> None:
    """Take a delivery out and let go those that waited behind it."""
    delivery = waits.delivery
    tables.deliveries.remove((delivery.subscriber, delivery.seq))
    if waits.failed:
        for key, other in list(tables.deliveries.items()):
            if other.state == "held" and _alike(other.delivery, delivery):
                tables.deliveries.put(key, replace(other, state="pending"))


def _holds(store: MemoryStore, delivery: Delivery) -> bool:
    lane = store.lanes.get((delivery.subscriber, delivery.lane))
    return lane is not None and lane.fence == delivery.fence


def _alike(one: Delivery, other: Delivery) -> bool:
    return one.subscriber == other.subscriber and one.key == other.key


@dataclass(frozen=True, slots=True)
class MemoryLanes(Lanes):
    """Leases of lanes, which end by time."""

    store: MemoryStore
    clock: Clock

    async def claim(self, subscriber: str, most: int) -> Lease | None:
        """Lease lanes that have something due."""
        now = self.clock.now()
        due = sorted({each.delivery.lane for each in self._due(subscriber, now)})
        free = [(number, lane) for number in due if _is_free(lane := self._lane(subscriber, number), now)]
        for _, lane in free[:most]:
            lane.fence += 1
            lane.leased_until = now + LEASE
        fences = {number: lane.fence for number, lane in free[:most]}
        return Lease(subscriber, fences, now + LEASE) if fences else None

    async def next(self, lease: Lease, limit: int) -> list[Delivery]:
        """What is due and not behind a failed one."""
        now = self.clock.now()
        given: list[Delivery] = []
        held = {number for number, fence in lease.fences.items() if self._lane(lease.subscriber, number).fence == fence}
        for number in held:
            self._lane(lease.subscriber, number).leased_until = now + LEASE
        tables = self.store.committed
        blocked = [w.delivery for w in tables.deliveries.values() if w.failed or w.state == "held"]
        for waits in sorted(self._due(lease.subscriber, now), key=lambda each: each.delivery.seq):
            delivery = waits.delivery
            if delivery.lane not in held or len(given) == limit:
                continue
            if any(_alike(other, delivery) and other.seq < delivery.seq for other in blocked):
                tables.deliveries.put((delivery.subscriber, delivery.seq), replace(waits, state="held"))
                blocked.append(delivery)
            else:
                given.append(replace(delivery, fence=lease.fences[delivery.lane]))
        return given

    async def finish(self, deliveries: Sequence[Delivery]) -> None:
        """Take deliveries out."""
        for delivery in deliveries:
            remove(self.store, self.store.committed, delivery)

    async def fail(self, delivery: Delivery, error: str, retry_at: datetime | None) -> None:
        """Put a delivery back for later, or among the dead."""
        key = delivery.subscriber, delivery.seq
        waits = self.store.committed.deliveries.get(key)
        if waits is None or waits.state != "pending" or not _holds(self.store, delivery):
            return
        tried = replace(waits.delivery, attempts=waits.delivery.attempts + 1)
        state = "dead" if retry_at is None else "pending"
        due_at = retry_at or self.clock.now()
        self.store.committed.deliveries.put(key, Waits(tried, state, due_at, failed=True, error=error))

    async def release(self, lease: Lease, resume_at: datetime | None = None) -> None:
        """Give lanes back."""
        for number, fence in lease.fences.items():
            lane = self._lane(lease.subscriber, number)
            if lane.fence == fence:
                lane.leased_until, lane.resume_at = None, resume_at

    def _due(self, subscriber: str, now: datetime) -> list[Waits]:
        return [
            waits
            for waits in self.store.committed.deliveries.values()
            if waits.delivery.subscriber == subscriber and waits.state == "pending" and waits.due_at <= now
        ]

    def _lane(self, subscriber: str, number: int) -> Lane:
        return self.store.lanes.setdefault((subscriber, number), Lane())


def _is_free(lane: Lane, now: datetime) -> bool:
    leased = lane.leased_until is not None and lane.leased_until > now
    return not leased and (lane.resume_at is None or lane.resume_at <= now)


class MemoryBell(Bell):
    """Rings when a unit of work with facts is kept."""

    def __init__(self, store: MemoryStore) -> None:
        self._rings = store.listen()

    async def wait(self, seconds: float) -> None:
        """Wait for the next one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rings.wait()
        self._rings.clear()


@dataclass(frozen=True, slots=True)
class MemoryOutboxReader(OutboxReader):
    """Counts what waits."""

    store: MemoryStore

    async def backlog(self) -> list[Backlog]:
        """Count by subscriber and state."""
        found: dict[str, list[Waits]] = {}
        for waits in self.store.committed.deliveries.values():
            found.setdefault(waits.delivery.subscriber, []).append(waits)
        return [_backlog(name, found[name]) for name in sorted(found)]


def _backlog(subscriber: str, waiting: Sequence[Waits]) -> Backlog:
    states = [waits.state for waits in waiting]
    oldest = min((w.delivery.occurred_at for w in waiting if w.state == "pending"), default=None)
    lanes = len({waits.delivery.lane for waits in waiting if waits.state == "pending"})
    return Backlog(subscriber, states.count("pending"), oldest, states.count("held"), states.count("dead"), lanes)


@dataclass(frozen=True, slots=True)
class MemoryOutboxUpkeep(OutboxUpkeep):
    """Removes by age."""

    store: MemoryStore

    async def sweep(self, before: datetime, limit: int) -> int:
        """Remove old facts without deliveries, and old answers."""
        tables = self.store.committed
        waiting = {seq for (_, seq), _ in tables.deliveries.items()}
        facts = [
            seq for seq, fact in sorted(tables.outbox.items()) if fact.occurred_at < before and seq not in waiting
        ][:limit]
        answers = [key for key, kept in tables.answered.items() if kept.at < before][:limit]
        for seq in facts:
            tables.outbox.remove(seq)
        for key in answers:
            tables.answered.remove(key)
        return len(facts) + len(answers)
