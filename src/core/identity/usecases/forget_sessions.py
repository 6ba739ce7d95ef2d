"""Make what was cached about sessions be read anew."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.identity.cache_keys import session_key
from core.identity.events import SessionsStale
from core.identity.ports import IdentityWork
from core.kernel.cache import LIFETIME_SECONDS, Cache
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery
from core.kernel.work import OpenWork

LONGEST = timedelta(seconds=LIFETIME_SECONDS)


@dataclass(frozen=True, slots=True)
class ForgetSessions:
    """Forget what could not be forgotten when it became old."""

    cache: Cache
    work: OpenWork[IdentityWork]
    clock: Clock

    async def __call__(self, delivery: Delivery) -> None:
        """Forget what is known of the sessions that the fact names, or nothing once it has ended by itself.

        :raises Unavailable: the cache is away still; the delivery comes again.
        """
        keys = [session_key(each) for each in delivery.fact(SessionsStale).sessions]
        if self.clock.now() - delivery.occurred_at < LONGEST and not await self.cache.forget(keys):
            raise Unavailable(part="cache")
        async with self.work(delivery):
            pass


async def forget(cache: Cache, work: OpenWork[IdentityWork], session_ids: Iterable[UUID]) -> None:
    """Forget what is known of sessions, after the commit that changed them and before the answer to it.

    Where the cache does not do it for sure, a fact sees to it; where that cannot be kept either, it ends soon.

    :param work: opens a unit of work for the fact.
    """
    ids = list(session_ids)
    if not ids or not cache.keeps or await cache.forget([session_key(each) for each in ids]):
        return
    with suppress(Unavailable):
        async with work() as unit:
            unit.publish(SessionsStale(sessions=ids))
