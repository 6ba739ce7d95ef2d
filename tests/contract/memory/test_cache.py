"""The memory adapter keeps the promises of caches and limiters."""

from collections.abc import Awaitable, Callable

import pytest

from adapters.memory.cache import MemoryCache, NoCache
from adapters.memory.clock import FakeClock
from adapters.memory.limits import MemoryRateLimiter
from contracts.ports.cache import CacheSuite, Flush, LifetimeSuite, NoCacheSuite
from contracts.ports.rate_limiter import RateLimiterSuite
from core.kernel.cache import Cache
from core.kernel.limits import RateLimiter


class ByFakeClock:
    """Time passes when it is told to."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        """The clock."""
        return FakeClock()

    @pytest.fixture
    def pass_time(self, clock: FakeClock) -> Callable[[float], Awaitable[None]]:
        """Moves the clock."""

        async def pass_time(seconds: float) -> None:
            clock.advance(seconds)

        return pass_time


class TestMemoryCache(ByFakeClock, CacheSuite, LifetimeSuite):
    """Entries in this process."""

    @pytest.fixture
    def cache(self, clock: FakeClock) -> Cache:
        return MemoryCache(clock)

    @pytest.fixture
    def flush(self, cache: Cache) -> Flush:
        async def flush() -> None:
            await cache.forget(["a", *(f"k{number}" for number in range(4))])

        return flush


class TestNoCache(NoCacheSuite):
    """Nothing is kept."""

    @pytest.fixture
    def cache(self) -> Cache:
        return NoCache()


class TestMemoryRateLimiter(ByFakeClock, RateLimiterSuite):
    """Counts in this process."""

    @pytest.fixture
    def limiter(self, clock: FakeClock) -> RateLimiter:
        return MemoryRateLimiter(clock)


async def test_cache_holds_no_more_than_lives() -> None:
    clock = FakeClock()
    cache = MemoryCache(clock)

    async def load() -> bytes:
        return b""

    for number in range(3000):
        await cache.get(str(number), load)
        clock.advance(0.01)
    assert len(cache._entries) < 2000
