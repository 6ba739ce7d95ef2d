"""A cache in Redis that never gives back what was forgotten (docs/adr/0009-cache-with-load-tokens.md).

A key holds a value, or the token of a load that is under way. Forgetting removes either, and a load sets its value only
over its own token.
"""

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.redis.gathering import Gathering
from adapters.redis.link import Away, Link, Script
from core.kernel.cache import LIFETIME_SECONDS, Cache, Load

VALUE, TOKEN = b"v", b"L"
LIFETIME_MS = int(LIFETIME_SECONDS * 1000)
LOAD_MS = 3000
PAUSES = (0.002, 0.005, 0.01, 0.015, 0.018)
PREFIX = "soty:cache:"

CLAIM = Script("""
local held = {}
for i, key in ipairs(KEYS) do
    held[i] = redis.call('GET', key)
    if not held[i] then
        redis.call('SET', key, ARGV[i + 1], 'PX', ARGV[1])
        held[i] = ARGV[i + 1]
    end
end
return held
""")
SETTLE = Script("""
local stale = 0
for i, key in ipairs(KEYS) do
    local value = ARGV[2 * i + 1]
    if redis.call('GET', key) == ARGV[2 * i] then
        if value == '' then redis.call('DEL', key) else redis.call('SET', key, value, 'PX', ARGV[1]) end
    elseif value ~= '' then
        stale = stale + 1
    end
end
return stale
""")


@dataclass(slots=True)
class Asked:
    """Those who ask for a key, and the load that answers them if need be; ``value`` is set when it has."""

    key: str
    load: Load
    askers: list[asyncio.Future[bytes]]
    token: bytes = b""
    value: bytes | None = None

    def join(self, other: "Asked") -> None:
        """Answer others too."""
        if self.value is not None:
            other.tell(self.value)
        self.askers += other.askers

    def tell(self, value: bytes) -> None:
        """Answer all."""
        self.value = value
        for asker in self.askers:
            if not asker.done():
                asker.set_result(value)

    def fail(self, error: Exception) -> None:
        """Fail all."""
        for asker in self.askers:
            if not asker.done():
                asker.set_exception(error)


@dataclass(slots=True)
class Seen:
    """How many were answered out of Redis, how many by a load that was kept there, and how many without Redis.

    ``stale`` loads were not kept, since what they had read was forgotten meanwhile or their time was over.
    """

    hits: int = 0
    misses: int = 0
    bypassed: int = 0
    stale: int = 0


@dataclass(slots=True)
class Settled:
    """The end of a load: its value, or nothing when it failed."""

    asked: Asked
    value: bytes = b""


class RedisCache(Cache):
    """Reads that wait are one MGET; of many processes that miss a key one loads, the others wait for it a moment."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._reads: Gathering[Asked] = Gathering(self._read)
        self._ends: Gathering[Settled] = Gathering(self._settle)
        self._loads: dict[bytes, Asked] = {}
        self.seen = Seen()

    async def get(self, key: str, load: Load) -> bytes:
        """The entry, or what a load gives."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._reads.add(Asked(PREFIX + key, load, [answer]))
        return await answer

    async def forget(self, keys: Sequence[str]) -> bool:
        """Remove entries, and the tokens of loads under way."""
        if not keys:
            return True
        try:
            await self._link.call("UNLINK", *(PREFIX + key for key in keys))
        except Away:
            return False
        return True

    async def close(self) -> None:
        """Cut what is under way."""
        await self._reads.close()
        await self._ends.close()

    async def _read(self, batch: list[Asked]) -> None:
        asked = _by_key(batch)
        try:
            held: list[bytes | None] = await self._link.call("MGET", *asked)
        except Away:
            self._go_without(asked.values())
            return
        if missed := self._answer(asked.values(), held):
            self._reads.start(self._claim(missed))

    def _answer(self, asked: Iterable[Asked], held: Iterable[bytes | None]) -> list[Asked]:
        """Answer what is there.

        :returns: what is not.
        """
        missed = []
        for each, found in zip(asked, held, strict=True):
            if found is None:
                missed.append(each)
            elif found.startswith(VALUE):
                self.seen.hits += len(each.askers)
                each.tell(found[1:])
            else:
                self._wait(each, found)
        return missed

    async def _claim(self, missed: Sequence[Asked]) -> None:
        """Leave tokens, which others may see before we hear of it, and load where ours is the one that is there."""
        for each in missed:
            each.token = TOKEN + secrets.token_bytes(16)
            self._loads[each.token] = each
        try:
            held = await self._link.run(CLAIM, [each.key for each in missed], LOAD_MS, *(e.token for e in missed))
        except Away:
            for each in missed:
                del self._loads[each.token]
            self._go_without(missed)
            return
        for each, found in zip(missed, held, strict=True):
            if found == each.token:
                self._reads.start(self._load(each))
            else:
                del self._loads[each.token]
                self._answer([each], [found])

    def _go_without(self, asked: Iterable[Asked]) -> None:
        for each in asked:
            self._reads.start(self._load_only(each))

    def _wait(self, asked: Asked, token: bytes) -> None:
        """Join the load that holds the token, which was there after all of these had asked; or wait for another's."""
        load = self._loads.get(token)
        if load is not None:
            load.join(asked)
        else:
            self._reads.start(self._poll(asked))

    async def _load(self, asked: Asked) -> None:
        self.seen.misses += len(asked.askers)
        try:
            value = await asked.load()
        except Exception as error:  # it is theirs who asked
            del self._loads[asked.token]
            asked.fail(error)
            self._ends.add(Settled(asked))
        else:
            asked.tell(value)
            self._ends.add(Settled(asked, VALUE + value))

    async def _settle(self, batch: list[Settled]) -> None:
        words = [word for end in batch for word in (end.asked.token, end.value)]
        try:
            self.seen.stale += await self._link.run(SETTLE, [end.asked.key for end in batch], LIFETIME_MS, *words)
        except Away:
            pass
        finally:
            for end in batch:
                self._loads.pop(end.asked.token, None)

    async def _poll(self, asked: Asked) -> None:
        for pause in PAUSES:
            await asyncio.sleep(pause)
            try:
                found: bytes | None = await self._link.call("GET", asked.key)
            except Away:
                break
            if found is None:
                break
            if found.startswith(VALUE):
                self.seen.hits += len(asked.askers)
                asked.tell(found[1:])
                return
        await self._load_only(asked)

    async def _load_only(self, asked: Asked) -> None:
        self.seen.bypassed += len(asked.askers)
        try:
            asked.tell(await asked.load())
        except Exception as error:  # it is theirs who asked
            asked.fail(error)


def _by_key(batch: Sequence[Asked]) -> dict[str, Asked]:
    asked: dict[str, Asked] = {}
    for each in batch:
        known = asked.setdefault(each.key, each)
        if known is not each:
            known.askers += each.askers
    return asked
