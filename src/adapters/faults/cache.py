"""A cache of another adapter that is late or loses what it was told."""

from collections.abc import Sequence

from adapters.faults.plan import Plan
from core.kernel.cache import Cache, Load


class FaultyCache(Cache):
    """Is late by a plan; since a cache never fails, nothing else can be."""

    def __init__(self, inner: Cache, plan: Plan) -> None:
        """:param plan: asked at ``cache.get`` and at ``cache.forget``, before and after."""
        self._inner = inner
        self._plan = plan
        self.keeps = inner.keeps

    async def get(self, key: str, load: Load) -> bytes:
        """The other's entry, whose load may be late too."""
        return await self._inner.get(key, lambda: self._late(load))

    async def forget(self, keys: Sequence[str]) -> bool:
        """Forget in the other."""
        await self._plan.reach("cache.forget.before")
        gone = await self._inner.forget(keys)
        await self._plan.reach("cache.forget.after")
        return gone

    async def _late(self, load: Load) -> bytes:
        await self._plan.reach("cache.load.before")
        value = await load()
        await self._plan.reach("cache.load.after")
        return value
