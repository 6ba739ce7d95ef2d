"""The Redis adapter keeps the promises of limiters on a real server, over processes."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest

from adapters.embedded.valkey import EmbeddedValkey
from adapters.redis.limits import ALONE, RedisRateLimiter
from adapters.redis.link import Link, open_link
from adapters.system.clock import SystemClock
from contracts.ports.rate_limiter import TEN, PassTime, RateLimiterSuite
from core.kernel.limits import RateLimiter
from tests.support.valkey import redis_settings

PROCESSES, ATTEMPTS, ROUNDS = 4, 30, 100


@pytest.fixture
async def link(valkey_url: str) -> AsyncIterator[Link]:
    """A link to an empty server."""
    async with open_link(redis_settings(valkey_url)) as link:
        await link.call("FLUSHALL")
        yield link


class TestRedisRateLimiter(RateLimiterSuite):
    """Counts in Redis, by its clock."""

    @pytest.fixture
    def limiter(self, link: Link) -> RateLimiter:
        return RedisRateLimiter(link, SystemClock())

    @pytest.fixture
    def pass_time(self) -> PassTime:
        return asyncio.sleep


async def attempts(url: str) -> None:
    """What each process does: in every round all its attempts at once; then the numbers that passed."""
    settings = redis_settings(url)
    async with open_link(settings) as link:
        limiter = RedisRateLimiter(link, SystemClock())
        await link.call("PING")
        say("ready")
        sys.stdin.readline()
        for number in range(ROUNDS):
            found = await asyncio.gather(*(limiter.attempt(TEN, f"caller {number}") for _ in range(ATTEMPTS)))
            say(str(sum(each.allowed for each in found)))


def say(line: str) -> None:
    """Tell the test, which is another process."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def test_four_processes_let_exactly_ten_pass_hundred_times_over(valkey_url: str) -> None:
    program = f"import asyncio; from {__name__} import attempts; asyncio.run(attempts({valkey_url!r}))"
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    for process in started:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    passed = [[int(line) for line in process.communicate("\n")[0].split()] for process in _all_go(started)]
    assert [sum(each) for each in zip(*passed, strict=True)] == [TEN.count] * ROUNDS


def _all_go(started: list[subprocess.Popen[str]]) -> list[subprocess.Popen[str]]:
    for process in started:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    return started


async def test_without_redis_a_part_of_the_limit_passes(own_valkey: EmbeddedValkey) -> None:
    async with open_link(redis_settings(own_valkey.url)) as link:
        limiter = RedisRateLimiter(link, SystemClock())
        own_valkey.stop()
        started = time.monotonic()
        found = [(await limiter.attempt(TEN, "a")).allowed for _ in range(120)]
        assert sum(found) == TEN.count // ALONE
        assert time.monotonic() - started < 5
