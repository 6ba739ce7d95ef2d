"""Limits that one process counts for itself."""

from core.kernel.clock import Clock
from core.kernel.limits import Allowance, Buckets, Limit, RateLimiter


class MemoryRateLimiter(RateLimiter):
    """Counts in memory, by the clock."""

    def __init__(self, clock: Clock) -> None:
        """:param clock: tells when attempts come."""
        self._clock = clock
        self._buckets = Buckets()

    async def attempt(self, limit: Limit, who: str) -> Allowance:
        """Count one attempt of somebody."""
        return self._buckets.attempt(limit, who, self._clock.now())

    async def forgive(self, limit: Limit, who: str) -> None:
        """Take back one attempt of somebody."""
        self._buckets.forgive(limit, who)
