"""What is cached about a session ends with it, also when the cache is away at that moment."""

from collections.abc import Sequence

import pytest

from core.identity.ports import IdentityWork
from core.identity.usecases.end_sessions import RevokeSessions
from core.identity.usecases.forget_sessions import ForgetSessions
from core.kernel.cache import Cache, Load
from core.kernel.clock import Clock
from core.kernel.errors import Unauthenticated, Unavailable
from core.kernel.ids import Ids
from core.kernel.outbox import Delivery, Lanes
from core.kernel.work import OpenWork
from tests.support.crowd import Crowd


class OftenAway(Cache):
    """The cache of the crowd, which may be away."""

    def __init__(self, inner: Cache) -> None:
        self.inner = inner
        self.is_away = True

    async def get(self, key: str, load: Load) -> bytes:
        return await self.inner.get(key, load)

    async def forget(self, keys: Sequence[str]) -> bool:
        return not self.is_away and await self.inner.forget(keys)


async def due(crowd: Crowd) -> list[Delivery]:
    """What waits for the reaction."""
    lanes: Lanes = await crowd.get(Lanes)
    lease = await lanes.claim("identity.cache", 64)
    return [] if lease is None else await lanes.next(lease, 10)


async def test_it_is_forgotten_later(crowd: Crowd) -> None:
    session, mine = await crowd.verified(), await crowd.sign_in()
    actor = await crowd.person(mine)
    await crowd.person(session)
    cache = OftenAway(await crowd.get(Cache))
    work: OpenWork[IdentityWork] = await crowd.get(OpenWork[IdentityWork])
    clock: Clock = await crowd.get(Clock)
    revoke = RevokeSessions(work, clock, await crowd.get(Ids), cache)
    await revoke(actor, session.session_id)
    await crowd.person(session)
    (delivery,) = await due(crowd)
    forget = ForgetSessions(cache, work, clock)
    with pytest.raises(Unavailable):
        await forget(delivery)
    cache.is_away = False
    await forget(delivery)
    with pytest.raises(Unauthenticated):
        await crowd.person(session)
    await crowd.person(mine)


async def test_what_has_ended_by_itself_need_not_be_forgotten(crowd: Crowd) -> None:
    session, mine = await crowd.verified(), await crowd.sign_in()
    actor = await crowd.person(mine)
    await crowd.person(session)
    cache = OftenAway(await crowd.get(Cache))
    work: OpenWork[IdentityWork] = await crowd.get(OpenWork[IdentityWork])
    clock: Clock = await crowd.get(Clock)
    await RevokeSessions(work, clock, await crowd.get(Ids), cache)(actor, session.session_id)
    crowd.clock.advance(5)
    (delivery,) = await due(crowd)
    await ForgetSessions(cache, work, clock)(delivery)
    with pytest.raises(Unauthenticated):
        await crowd.person(session)
