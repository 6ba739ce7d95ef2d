"""Lanes and subscribers of other adapters that fail by a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.faults.plan import Plan, around
from core.kernel.outbox import Delivery, Lanes, Lease
from core.kernel.relay import Subscriber, Taken


@dataclass(frozen=True, slots=True)
class FaultyLanes(Lanes):
    """Fails before or after any act; behind it the act is done and the relay does not know."""

    inner: Lanes
    plan: Plan

    async def claim(self, subscriber: str, most: int) -> Lease | None:
        """Lease from the other."""
        return await around(self.plan, "lanes.claim", lambda: self.inner.claim(subscriber, most))

    async def next(self, lease: Lease, limit: int) -> list[Delivery]:
        """What the other gives."""
        return await around(self.plan, "lanes.next", lambda: self.inner.next(lease, limit))

    async def finish(self, deliveries: Sequence[Delivery]) -> None:
        """Finish in the other."""
        await around(self.plan, "lanes.finish", lambda: self.inner.finish(deliveries))

    async def fail(self, delivery: Delivery, error: str, retry_at: datetime | None) -> None:
        """Note it in the other."""
        await around(self.plan, "lanes.fail", lambda: self.inner.fail(delivery, error, retry_at))

    async def release(self, lease: Lease, resume_at: datetime | None = None) -> None:
        """Give back to the other."""
        await around(self.plan, "lanes.release", lambda: self.inner.release(lease, resume_at))


@dataclass(frozen=True, slots=True)
class FaultySubscriber(Subscriber):
    """Is away before a batch, or took it and did not say so."""

    inner: Subscriber
    plan: Plan

    async def take(self, batch: Sequence[Delivery]) -> Taken:
        """Hand a batch to the other."""
        return await around(self.plan, "subscriber.take", lambda: self.inner.take(batch))
