"""Make what was cached about sessions and API keys be read anew."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.identity.cache_keys import api_key_key, session_key
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
        """Forget what is known of the sessions and keys that the fact names, or nothing once it has ended by itself.

        :raises Unavailable: the cache is away still; the delivery comes again.
        """
        fact = delivery.fact(SessionsStale)
        young = self.clock.now() - delivery.occurred_at < LONGEST
        if young and not await self.cache.forget(_cached(fact.sessions, fact.keys)):
            raise Unavailable(part="cache")
        async with self.work(delivery):
            pass


async def forget(
    cache: Cache, work: OpenWork[IdentityWork], session_ids: Iterable[UUID], prefixes: Iterable[str] = ()
) -> None:
    """Forget what is known of sessions and API keys, after the commit that changed them and before the answer to it.

    Where the cache does not do it for sure, a fact sees to it; where that cannot be kept either, it ends soon.

    :param work: opens a unit of work for the fact.
    :param prefixes: of keys.
    """
    ids, keys = list(session_ids), list(prefixes)
    if not (ids or keys) or not cache.keeps or await cache.forget(_cached(ids, keys)):
        return
    with suppress(Unavailable):
        async with work() as unit:
            unit.publish(SessionsStale(sessions=ids, keys=keys))


def _cached(sessions: Iterable[UUID], prefixes: Iterable[str]) -> list[str]:
    return [*map(session_key, sessions), *map(api_key_key, prefixes)]
