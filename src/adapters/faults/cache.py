"""A cache of another adapter that is late or loses what it was told."""

from collections.abc import Sequence

from adapters.faults.plan import Plan, around
from core.kernel.cache import Cache, Load


class FaultyCache(Cache):
    """Is late by a plan, or its load fails; a cache itself never does."""

    def __init__(self, inner: Cache, plan: Plan) -> None:
        """:param plan: asked before and after ``cache.get``, ``cache.load`` inside it, and ``cache.forget``."""
        self._inner = inner
        self._plan = plan
        self.keeps = inner.keeps

    async def get(self, key: str, load: Load) -> bytes:
        """The other's entry, whose load may be late too."""
        return await around(
            self._plan, "cache.get", lambda: self._inner.get(key, lambda: around(self._plan, "cache.load", load))
        )

    async def forget(self, keys: Sequence[str]) -> bool:
        """Forget in the other."""
        return await around(self._plan, "cache.forget", lambda: self._inner.forget(keys))
