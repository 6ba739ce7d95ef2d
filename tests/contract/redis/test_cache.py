"""The Redis adapter keeps the promises of caches on a real server."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from adapters.embedded.valkey import EmbeddedValkey
from adapters.redis.cache import RedisCache
from adapters.redis.health import RedisHealth
from adapters.redis.link import REST_SECONDS, Away, Link, open_link
from contracts.ports.cache import CacheSuite, Flush, LifetimeSuite, Store, storm
from contracts.ports.health_check import HealthCheckSuite
from core.kernel.cache import Cache
from core.kernel.health import HealthCheck
from tests.support.eventually import eventually
from tests.support.valkey import redis_settings


@pytest.fixture
async def link(valkey_url: str) -> AsyncIterator[Link]:
    """A link to an empty server."""
    async with open_link(redis_settings(valkey_url)) as link:
        await link.call("FLUSHALL")
        yield link


class _Closed(Redis):
    """A client whose connection was cut under it, as uvloop tells of that."""

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")


async def test_a_connection_that_was_cut_is_a_server_that_is_away() -> None:
    with pytest.raises(Away):
        await Link(_Closed(), 1.0).call("GET", "k")


class TestRedisCache(CacheSuite, LifetimeSuite):
    """One process."""

    @pytest.fixture
    async def cache(self, link: Link) -> AsyncIterator[Cache]:
        cache = RedisCache(link)
        yield cache
        await cache.close()

    @pytest.fixture
    def flush(self, link: Link) -> Flush:
        async def flush() -> None:
            await link.call("FLUSHALL")

        return flush

    @pytest.fixture
    def pass_time(self) -> Callable[[float], Awaitable[None]]:
        return asyncio.sleep


class Processes(Cache):
    """Several caches over one server, used in turn, as processes use it."""

    def __init__(self, caches: list[RedisCache]) -> None:
        self.caches = caches
        self._turn = 0

    async def get(self, key: str, load: Callable[[], Awaitable[bytes]]) -> bytes:
        """Ask the next one."""
        self._turn += 1
        return await self.caches[self._turn % len(self.caches)].get(key, load)

    async def forget(self, keys: list[str]) -> bool:  # type: ignore[override]
        """Tell the next one."""
        self._turn += 1
        return await self.caches[self._turn % len(self.caches)].forget(keys)


async def test_no_stale_read_by_three_processes_under_flushes(valkey_url: str, link: Link) -> None:
    async with (
        open_link(redis_settings(valkey_url)) as second,
        open_link(redis_settings(valkey_url)) as third,
    ):
        caches = [RedisCache(each) for each in (link, second, third)]

        async def flush() -> None:
            await link.call("FLUSHALL")

        await storm(Processes(caches), flush, lambda: all(each.seen.misses and each.seen.hits for each in caches))
        for cache in caches:
            await cache.close()


async def test_of_two_processes_one_loads(valkey_url: str, link: Link) -> None:
    store = Store()
    async with open_link(redis_settings(valkey_url)) as other:
        first, second = RedisCache(link), RedisCache(other)
        store.gate.clear()
        loading = asyncio.ensure_future(first.get("a", store.load))
        await store.reading.wait()
        waiting = asyncio.ensure_future(second.get("a", store.load))
        await asyncio.sleep(0.005)
        store.gate.set()
        assert list(await asyncio.gather(loading, waiting)) == [b"0", b"0"]
        assert store.loads == 1
        await first.close()
        await second.close()


async def test_who_waits_for_a_process_that_died_loads_soon(link: Link) -> None:
    store, cache = Store(), RedisCache(link)
    await link.call("SET", "soty:cache:a", b"Lsomebody")
    started = time.monotonic()
    assert await cache.get("a", store.load) == b"0"
    assert time.monotonic() - started < 2
    assert await link.call("GET", "soty:cache:a") == b"Lsomebody"
    await cache.close()


async def test_server_that_is_gone_is_gone_around(own_valkey: EmbeddedValkey) -> None:
    async with open_link(redis_settings(own_valkey.url, timeout=0.2)) as link:
        store, cache = Store(), RedisCache(link)
        await cache.get("a", store.load)
        own_valkey.stop()
        for number in range(1, 4):
            store.number = number
            assert await cache.get("a", store.load) == b"%d" % number
        assert not await cache.forget(["a"])
        await cache.close()


async def test_server_that_hangs_costs_one_call_its_time(own_valkey: EmbeddedValkey) -> None:
    async with open_link(redis_settings(own_valkey.url, timeout=0.2)) as link:
        store, cache = Store(), RedisCache(link)
        pid = await _pid(link)
        await cache.get("a", store.load)
        os.kill(pid, signal.SIGSTOP)
        try:
            store.number = 1
            started = time.monotonic()
            assert not await cache.forget(["a"])
            assert await cache.get("a", store.load) == b"1"
            assert link.failures <= 2
            for _ in range(100):
                assert await cache.get("a", store.load) == b"1"
            assert time.monotonic() - started < 5
        finally:
            os.kill(pid, signal.SIGCONT)
        await asyncio.sleep(REST_SECONDS + 0.05)
        assert await cache.forget(["a"])
        assert await cache.get("a", store.load) == b"1"
        await cache.close()


async def _pid(link: Link) -> int:
    told = await link.call("INFO", "server")
    if isinstance(told, dict):
        return int(told["process_id"])
    return int(told.partition(b"process_id:")[2].split()[0])


async def test_only_one_looks_whether_the_server_is_back(own_valkey: EmbeddedValkey) -> None:
    async with open_link(redis_settings(own_valkey.url, timeout=0.2)) as link:
        pid = await _pid(link)
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(Away):
                await link.call("PING")
            await asyncio.sleep(REST_SECONDS + 0.05)
            started = time.monotonic()
            looking = asyncio.ensure_future(link.call("PING"))
            await asyncio.sleep(0.01)
            for _ in range(50):
                with pytest.raises(Away):
                    await link.call("PING")
            assert time.monotonic() - started < 5
            with pytest.raises(Away):
                await looking
        finally:
            os.kill(pid, signal.SIGCONT)


class TestRedisHealth(HealthCheckSuite):
    """A server, and none."""

    @pytest.fixture
    def healthy(self, link: Link) -> HealthCheck:
        return RedisHealth(link)

    @pytest.fixture
    async def broken(self) -> AsyncIterator[HealthCheck]:
        async with open_link(redis_settings("unix:///nowhere/valkey")) as link:
            yield RedisHealth(link)

    async def test_can_be_done_without(self, healthy: HealthCheck) -> None:
        assert not healthy.needed


async def test_a_load_that_was_forgotten_meanwhile_is_counted_as_stale(link: Link) -> None:
    cache, begun, go_on = RedisCache(link), asyncio.Event(), asyncio.Event()

    async def load() -> bytes:
        begun.set()
        await go_on.wait()
        return b"old"

    reading = asyncio.create_task(cache.get("k", load))
    await begun.wait()
    await cache.forget(["k"])
    go_on.set()
    assert await reading == b"old"
    await eventually(lambda: cache.seen.stale == 1)
    await cache.close()
