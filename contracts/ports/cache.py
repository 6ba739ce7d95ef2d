"""What every cache that keeps something promises; time passes by ``pass_time``, and a flush by ``flush``."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.kernel.cache import LIFETIME_SECONDS, Cache, Load

Flush = Callable[[], Awaitable[None]]


class Store:
    """A number that is read slowly, while a gate is shut, and how often it was read."""

    def __init__(self) -> None:
        self.number = 0
        self.loads = 0
        self.reading = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def load(self) -> bytes:
        """Read the number, then wait for the gate."""
        self.loads += 1
        value = b"%d" % self.number
        self.reading.set()
        await self.gate.wait()
        return value

    async def begun(self, asker: asyncio.Future[bytes]) -> None:
        """Wait until a load began.

        :raises Exception: what the asker failed by instead.
        """
        asker.add_done_callback(lambda _: self.reading.set())
        await self.reading.wait()
        if self.loads == 0:
            await asker
        assert self.loads, "nothing was loaded, and yet found"


class Broken(Exception):
    """A load failed."""


async def broken() -> bytes:
    raise Broken


async def settled(cache: Cache, key: str, load: Load) -> bytes:
    """What is answered when a load that was under way has ended everywhere."""
    await asyncio.sleep(0.02)
    return await cache.get(key, load)


async def storm(cache: Cache, flush: Flush, enough: Callable[[], bool]) -> None:  # noqa: C901
    """Read and write at once under flushes, and hold every read against what was written before it.

    :param enough: the storm does not end before this is so.
    :raises AssertionError: somebody read less.
    """
    committed = [0] * 4
    stored = [0] * 4
    stop = asyncio.Event()

    async def write(which: int) -> None:
        while not stop.is_set():
            stored[which] += 1
            number = stored[which]
            await asyncio.sleep(0)
            if await cache.forget([f"k{which}"]):
                committed[which] = number
            await asyncio.sleep(0.001 * (number % 8))

    async def load(which: int) -> bytes:
        value = b"%d" % stored[which]
        await asyncio.sleep(0.0005 * (stored[which] % 5))
        return value

    async def read(which: int) -> None:
        while not stop.is_set():
            least = committed[which]
            assert int(await cache.get(f"k{which}", lambda: load(which))) >= least
            await asyncio.sleep(0)

    async def flushes() -> None:
        done = 0
        while done < 40 or min(committed) <= 10 or not enough():
            await asyncio.sleep(0.01)
            await flush()
            done += 1
        stop.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(flushes())
        for which in range(4):
            tasks.create_task(write(which))
            for _ in range(4):
                tasks.create_task(read(which))


class CacheSuite:
    """Tests against the port alone."""

    @pytest.fixture
    def cache(self) -> Cache:
        """The cache under test, empty."""
        raise NotImplementedError

    @pytest.fixture
    def flush(self, cache: Cache) -> Flush:
        """A function that loses every entry, as far as the adapter can lose them."""
        raise NotImplementedError

    async def test_loads_once_and_keeps(self, cache: Cache) -> None:
        store = Store()
        assert await cache.get("a", store.load) == b"0"
        store.number = 1
        assert await settled(cache, "a", store.load) == b"0"
        assert store.loads == 1

    async def test_keys_are_apart(self, cache: Cache) -> None:
        one, two = Store(), Store()
        two.number = 2
        assert list(await asyncio.gather(cache.get("one", one.load), cache.get("two", two.load))) == [b"0", b"2"]
        assert await settled(cache, "one", two.load) == b"0"

    async def test_any_bytes_are_kept(self, cache: Cache) -> None:
        async def load() -> bytes:
            return b""

        assert await cache.get("empty", load) == b""
        assert await settled(cache, "empty", broken) == b""

    async def test_forgets_at_once(self, cache: Cache) -> None:
        store = Store()
        await cache.get("a", store.load)
        await asyncio.sleep(0.02)
        store.number = 1
        assert await cache.forget(["a", "b"])
        assert await cache.get("a", store.load) == b"1"

    async def test_forgets_nothing(self, cache: Cache) -> None:
        assert await cache.forget([])

    async def test_thousand_who_miss_at_once_load_once(self, cache: Cache) -> None:
        store = Store()
        store.gate.clear()
        askers = [asyncio.ensure_future(cache.get("a", store.load)) for _ in range(500)]
        await store.begun(askers[0])
        askers += [asyncio.ensure_future(cache.get("a", store.load)) for _ in range(500)]
        await asyncio.sleep(0.02)
        store.gate.set()
        assert set(await asyncio.gather(*askers)) == {b"0"}
        assert store.loads == 1

    @pytest.mark.parametrize("loses", ["forget", "flush"])
    async def test_slow_reader_puts_nothing_old_back(self, cache: Cache, flush: Flush, loses: str) -> None:
        store = Store()
        store.gate.clear()
        slow = asyncio.ensure_future(cache.get("a", store.load))
        await store.begun(slow)
        store.number = 1
        if loses == "flush":
            await flush()
        assert await cache.forget(["a"])
        after = asyncio.ensure_future(cache.get("a", store.load))
        await asyncio.sleep(0.02)
        store.gate.set()
        assert await after == b"1"
        await slow
        assert await settled(cache, "a", store.load) == b"1"

    async def test_flush_loses_speed_only(self, cache: Cache, flush: Flush) -> None:
        store = Store()
        for expected in (b"0", b"1"):
            await cache.get("a", store.load)
            await asyncio.sleep(0.01)
            store.number = 1
            await flush()
            assert await cache.get("a", store.load) == b"1", expected

    async def test_failed_load_is_told_and_not_kept(self, cache: Cache) -> None:
        store = Store()
        outcomes = await asyncio.gather(*(cache.get("a", broken) for _ in range(3)), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [Broken] * 3
        assert await settled(cache, "a", store.load) == b"0"

    async def test_asker_who_goes_away_takes_nobody_along(self, cache: Cache) -> None:
        store = Store()
        store.gate.clear()
        first, second = (asyncio.ensure_future(cache.get("a", store.load)) for _ in range(2))
        await store.begun(first)
        first.cancel()
        await asyncio.sleep(0)
        store.gate.set()
        assert await second == b"0"

    async def test_readers_and_writers_at_once_under_flushes(self, cache: Cache, flush: Flush) -> None:
        """Who begins to read after forgetting returned never gets less than what was written before it."""
        await storm(cache, flush, lambda: True)


class LifetimeSuite:
    """Entries end."""

    @pytest.fixture
    def cache(self) -> Cache:
        """The cache under test, empty."""
        raise NotImplementedError

    @pytest.fixture
    def pass_time(self) -> Callable[[float], Awaitable[None]]:
        """A function that lets seconds pass."""
        raise NotImplementedError

    async def test_entry_ends(self, cache: Cache, pass_time: Callable[[float], Awaitable[None]]) -> None:
        store = Store()
        await cache.get("a", store.load)
        store.number = 1
        await pass_time(LIFETIME_SECONDS + 0.1)
        assert await cache.get("a", store.load) == b"1"


class NoCacheSuite:
    """What a cache does that keeps nothing."""

    @pytest.fixture
    def cache(self) -> Cache:
        """The cache under test."""
        raise NotImplementedError

    async def test_every_read_loads(self, cache: Cache) -> None:
        store = Store()
        assert await cache.get("a", store.load) == b"0"
        store.number = 1
        assert await cache.get("a", store.load) == b"1"
        assert await cache.forget(["a"])
        assert not cache.keeps
