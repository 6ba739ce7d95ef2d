"""Take out of the cache what a change made old."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from core.inventory.cache_keys import movement_key, stock_key
from core.inventory.domain.movement import MovementEvent
from core.inventory.events import EntriesStale
from core.inventory.ports import InventoryWork
from core.kernel.cache import LIFETIME_SECONDS, Cache
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery
from core.kernel.work import OpenWork

LONGEST = timedelta(seconds=LIFETIME_SECONDS)


@dataclass(frozen=True, slots=True)
class ForgetEntries:
    """Forget entries that could not be forgotten when they became old."""

    cache: Cache
    work: OpenWork[InventoryWork]
    clock: Clock

    async def __call__(self, delivery: Delivery) -> None:
        """Forget the entries that the fact names, or nothing once they have ended by themselves.

        :raises Unavailable: the cache is away still; the delivery comes again.
        """
        keys = delivery.fact(EntriesStale).keys
        if self.clock.now() - delivery.occurred_at < LONGEST and not await self.cache.forget(keys):
            raise Unavailable(part="cache")
        async with self.work(delivery=delivery):
            pass


def keys_of(events: Iterable[MovementEvent]) -> Iterator[str]:
    """Keys of all that events may have changed."""
    for event in events:
        yield movement_key(event.movement_id)
        yield stock_key(event.warehouse_id, event.product_id)


async def forget(cache: Cache, work: OpenWork[InventoryWork], keys: Iterable[str]) -> None:
    """Forget entries after the unit of work that may have changed them, whatever became of it.

    Where the cache does not do it for sure, a fact sees to it; where that cannot be kept either, the entries end soon.

    :param work: opens a unit of work for the fact.
    :param keys: are worked out only if something is kept at all.
    """
    if not cache.keeps:
        return
    wanted = list(dict.fromkeys(keys))
    if await cache.forget(wanted):
        return
    with suppress(Unavailable):
        async with work() as unit:
            unit.publish(EntriesStale(keys=wanted))
