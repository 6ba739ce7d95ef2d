"""A log of another adapter that fails by a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.faults.plan import Plan, around, repeat
from core.kernel.messages import MessagePublisher, MessageSource, Record


@dataclass(frozen=True, slots=True)
class FaultySource(MessageSource):
    """Fails to give a batch, or forgets to tell the log what is done."""

    inner: MessageSource
    plan: Plan

    async def next_batch(self) -> Sequence[Record]:
        """The other's batch; a failure after it makes the log give it again."""
        return await around(self.plan, "source.next", self.inner.next_batch)

    def holds(self, batch: Sequence[Record]) -> bool:
        """As the other says."""
        return self.inner.holds(batch)

    async def done(self, batch: Sequence[Record]) -> None:
        """Tell the other, or drop it."""
        await repeat(self.plan, "source.done", lambda: self.inner.done(batch))

    def lag(self) -> Mapping[str, int]:
        """As the other says."""
        return self.inner.lag()


@dataclass(frozen=True, slots=True)
class FaultyPublisher(MessagePublisher):
    """Fails to append, or appends and does not say so."""

    inner: MessagePublisher
    plan: Plan

    async def publish(self, topic: str, key: bytes | None, value: bytes | None) -> Record:
        """Append to the other."""
        return await around(self.plan, "publisher.publish", lambda: self.inner.publish(topic, key, value))
