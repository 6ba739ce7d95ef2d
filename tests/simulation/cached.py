"""Readers through a cache beside writers: after a write was answered nobody reads what was before it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from adapters.faults.cache import FaultyCache
from adapters.memory.cache import MemoryCache
from core.kernel.cache import Cache
from tests.simulation.chance import Chance
from tests.simulation.history import Wrong
from tests.simulation.loop import SimClock, SimLoop

KEYS = 3
RATES = {
    "cache.load.before:delay": 0.4,
    "cache.load.after:delay": 0.4,
    "cache.forget.before:delay": 0.3,
    "cache.forget.after:delay": 0.2,
    "cut": 0.2,
    "flush": 0.1,
    "expire": 0.05,
}
MUST = (*RATES, "answered from the cache", "read while it was written")


class Cut(Exception):
    """The writer does not know whether its write was kept; it was."""

    def __init__(self, kept: int) -> None:
        self.kept = kept
        super().__init__()


@dataclass
class Rows:
    """A store of numbers that only grow."""

    chance: Chance

    def __post_init__(self) -> None:
        self.numbers = Counter[str]()
        self.answered = Counter[str]()
        self.loads = 0

    async def write(self, key: str) -> int:
        """Commit the next number.

        :raises Cut: perhaps after the commit.
        """
        await asyncio.sleep(0.01)
        self.numbers[key] += 1
        kept = self.numbers[key]
        await asyncio.sleep(0.01)
        if self.chance.happens("cut"):
            raise Cut(kept)
        return kept

    async def load(self, key: str) -> bytes:
        """Read what is committed."""
        self.loads += 1
        return b"%d" % self.numbers[key]


Write = Callable[[Rows, Cache, str], Awaitable[int]]


async def write_and_forget(rows: Rows, cache: Cache, key: str) -> int:
    """Write as the use cases do: forget after the commit, whatever became of it, and before the answer."""
    try:
        return await rows.write(key)
    finally:
        await cache.forget([key])


async def forget_and_write(rows: Rows, cache: Cache, key: str) -> int:
    """Write as nobody should: what is loaded between the two stays."""
    await cache.forget([key])
    return await rows.write(key)


@dataclass
class CacheRun:
    """One run; ``write`` can be planted."""

    loop: SimLoop
    chance: Chance
    write: Write = write_and_forget

    def __post_init__(self) -> None:
        self.rng = self.loop.rng
        self.rows = Rows(self.chance)
        self.cache = FaultyCache(MemoryCache(SimClock(self.loop)), self.chance)

    async def run(self) -> None:
        """Write and read at once.

        :raises Wrong: somebody read what was no longer so.
        """
        tasks = [self._writer() for _ in range(2)] + [self._reader() for _ in range(4)] + [self._nemesis()]
        await asyncio.gather(*tasks)
        await asyncio.sleep(10)
        for key in self._keys():
            await self._read(key)

    def _keys(self) -> list[str]:
        return [f"stock:{UUID(int=n)}" for n in range(KEYS)]

    async def _writer(self) -> None:
        for _ in range(10):
            key = self.rng.choice(self._keys())
            try:
                answer = await self.write(self.rows, self.cache, key)
            except Cut as cut:
                answer = cut.kept
            self.rows.answered[key] = max(self.rows.answered[key], answer)
            self.chance.note(f"{key[-1]} is {answer}")
            await asyncio.sleep(self.rng.uniform(0, 0.2))

    async def _reader(self) -> None:
        for _ in range(30):
            await self._read(self.rng.choice(self._keys()))
            await asyncio.sleep(self.rng.uniform(0, 0.1))

    async def _read(self, key: str) -> None:
        least, most, loads = self.rows.answered[key], self.rows.numbers[key], self.rows.loads
        value = int(await self.cache.get(key, lambda: self.rows.load(key)))
        if not least <= value <= self.rows.numbers[key]:
            raise Wrong(f"{key[-1]} read as {value} after it was answered as {least}")
        if loads == self.rows.loads:
            self.chance.sometimes("answered from the cache")
        if self.rows.numbers[key] > most:
            self.chance.sometimes("read while it was written")

    async def _nemesis(self) -> None:
        for _ in range(20):
            await asyncio.sleep(self.rng.uniform(0.05, 0.2))
            if self.chance.happens("flush"):
                await self.cache.forget(self._keys())
            if self.chance.happens("expire"):
                await asyncio.sleep(6)
