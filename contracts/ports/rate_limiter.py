"""What every limiter promises."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.kernel.limits import Limit, RateLimiter

PassTime = Callable[[float], Awaitable[None]]
TEN = Limit("ten", 10, 60.0)
QUICK = Limit("quick", 2, 0.5)


class RateLimiterSuite:
    """Tests against the port alone."""

    @pytest.fixture
    def limiter(self) -> RateLimiter:
        """The limiter under test, with nothing counted."""
        raise NotImplementedError

    @pytest.fixture
    def pass_time(self) -> PassTime:
        """A function that lets seconds pass."""
        raise NotImplementedError

    async def test_all_may_come_at_once_and_no_more(self, limiter: RateLimiter) -> None:
        found = await asyncio.gather(*(limiter.attempt(TEN, "a") for _ in range(120)))
        assert sum(each.allowed for each in found) == 10

    async def test_it_counts_down(self, limiter: RateLimiter) -> None:
        found = [await limiter.attempt(TEN, "a") for _ in range(12)]
        assert [each.remaining for each in found] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]
        assert found[0].reset_after == pytest.approx(6, abs=1)
        assert found[9].reset_after == pytest.approx(60, abs=1)
        assert found[9].retry_after == 0
        assert found[11].retry_after == pytest.approx(6, abs=1)

    async def test_refused_attempts_are_not_counted(self, limiter: RateLimiter, pass_time: PassTime) -> None:
        for _ in range(20):
            last = await limiter.attempt(QUICK, "a")
        assert not last.allowed
        await pass_time(last.retry_after + 0.01)
        assert (await limiter.attempt(QUICK, "a")).allowed
        assert not (await limiter.attempt(QUICK, "a")).allowed

    async def test_it_fills_up_again(self, limiter: RateLimiter, pass_time: PassTime) -> None:
        for _ in range(3):
            await limiter.attempt(QUICK, "a")
        await pass_time(0.6)
        assert [(await limiter.attempt(QUICK, "a")).allowed for _ in range(3)] == [True, True, False]

    async def test_limits_and_callers_are_apart(self, limiter: RateLimiter) -> None:
        for _ in range(10):
            await limiter.attempt(TEN, "a")
        assert not (await limiter.attempt(TEN, "a")).allowed
        assert (await limiter.attempt(TEN, "b")).allowed
        assert (await limiter.attempt(QUICK, "a")).allowed

    @pytest.mark.parametrize("count", [1, 3, 7, 1000])
    async def test_counts_that_do_not_divide_the_time(self, limiter: RateLimiter, count: int) -> None:
        limit = Limit(f"odd{count}", count, 3_600_000.0)
        found = [(await limiter.attempt(limit, "a")).allowed for _ in range(count + 1)]
        assert found == [True] * count + [False]

    async def test_what_is_forgiven_is_not_counted(self, limiter: RateLimiter) -> None:
        for _ in range(30):
            assert (await limiter.attempt(TEN, "a")).remaining == 9
            await limiter.forgive(TEN, "a")
        for _ in range(10):
            await limiter.attempt(TEN, "a")
        await limiter.forgive(TEN, "b")
        assert not (await limiter.attempt(TEN, "a")).allowed
        await limiter.forgive(TEN, "a")
        assert [(await limiter.attempt(TEN, "a")).allowed for _ in range(2)] == [True, False]

    async def test_nothing_is_given_in_advance(self, limiter: RateLimiter) -> None:
        for _ in range(5):
            await limiter.forgive(TEN, "a")
        assert sum([(await limiter.attempt(TEN, "a")).allowed for _ in range(20)]) == 10
