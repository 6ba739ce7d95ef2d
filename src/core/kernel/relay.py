"""The relay: takes deliveries out of the outbox to their subscribers, in order per key, until each is done or dead."""

import random
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from core.kernel.clock import Clock
from core.kernel.errors import Kind, SotyError, Unavailable
from core.kernel.outbox import Delivery, Lanes, Superseded
from core.kernel.work import again_if_contended

BATCH = 500
LANES_AT_ONCE = 16
ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=0.5)
TURN = timedelta(seconds=5)
"""How long a reaction works before its lease is renewed, which lasts longer by what one delivery may take."""

ERROR_LENGTH = 500

Failure = tuple[Delivery, Exception]


class Undeliverable(SotyError):
    """A delivery that no later attempt would bring any further; it is dead at once."""

    code = "kernel.undeliverable"
    kind = Kind.INVALID


class Taken(msgspec.Struct, frozen=True):
    """What became of a batch: deliveries that the relay is to mark done, and those that failed, one a key at most."""

    done: Sequence[Delivery] = ()
    failed: Sequence[Failure] = ()


class Subscriber(Protocol):
    """Takes deliveries."""

    @abstractmethod
    async def take(self, batch: Sequence[Delivery]) -> Taken:
        """Take deliveries in their order; after one that failed none of its key.

        :raises Unavailable: the subscriber is away; nothing is held against the deliveries.
        """


@dataclass(frozen=True, slots=True)
class ReactionSubscriber(Subscriber):
    """A use case as subscriber: it takes the delivery and marks it done in the transaction of its effect.

    One whose effect is outside has it first and marks the delivery done afterwards, so that it may happen again.
    """

    react: Callable[[Delivery], Awaitable[object]]
    clock: Clock

    async def take(self, batch: Sequence[Delivery]) -> Taken:
        """React to one delivery after another; what is not reached within a turn is given again."""
        failed: dict[str, Failure] = {}
        end = self.clock.now() + TURN
        for delivery in batch:
            if delivery.key in failed:
                continue
            if self.clock.now() > end:
                break
            try:
                await self._once(delivery)
            except Superseded:
                continue
            except Unavailable:
                if not failed:
                    raise
                break
            except Exception as error:  # whatever it is, it is kept with the delivery
                failed[delivery.key] = (delivery, error)
        return Taken(failed=list(failed.values()))

    async def _once(self, delivery: Delivery) -> None:
        await again_if_contended(lambda: self.react(delivery))


@dataclass(frozen=True, slots=True)
class Relay:
    """Works the deliveries of one subscriber; any number of relays may do so at once.

    After a failed attempt it waits for ``first_wait`` at most, then for twice as long each time.
    """

    name: str
    subscriber: Subscriber
    lanes: Lanes
    clock: Clock
    first_wait: timedelta = FIRST_WAIT

    async def work(self) -> int:
        """Lease some lanes, work them until nothing is due, and give them back.

        :returns: deliveries that were taken; 0 when nothing was due.
        :raises Unavailable: the store does not answer; what was not marked done is delivered again.
        """
        lease = await self.lanes.claim(self.name, LANES_AT_ONCE)
        if lease is None:
            return 0
        taken, resume_at = 0, None
        while batch := await self.lanes.next(lease, BATCH):
            try:
                await self._settle(await self.subscriber.take(batch))
            except Unavailable:
                resume_at = self._later(FIRST_WAIT)
                break
            taken += len(batch)
        await self.lanes.release(lease, resume_at)
        return taken

    async def _settle(self, taken: Taken) -> None:
        if taken.done:
            await self.lanes.finish(taken.done)
        for delivery, error in taken.failed:
            dead = isinstance(error, Undeliverable) or delivery.attempts + 1 >= ATTEMPTS
            text = f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
            await self.lanes.fail(delivery, text, None if dead else self._later(self.first_wait * 2**delivery.attempts))

    def _later(self, longest: timedelta) -> datetime:
        """A moment up to then, by chance, so that what failed together does not come back together."""
        return self.clock.now() + longest * random.uniform(0.5, 1)  # noqa: S311
