"""Caches inside one process: one for stores that live there too, and one that keeps nothing."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.kernel.cache import LIFETIME_SECONDS, Cache, Load
from core.kernel.clock import Clock

LIFETIME = timedelta(seconds=LIFETIME_SECONDS)
FEW = 1024


class Entry:
    """A load that is under way, or its value and until when it holds."""

    __slots__ = ("loading", "until")

    loading: asyncio.Future[bytes]
    until: datetime | None

    def __init__(self) -> None:
        self.until = None

    def holds(self, now: datetime) -> bool:
        """Whether its value is not too old; one that is not there yet is not."""
        return self.until is None or self.until > now


class MemoryCache(Cache):
    """Keeps values of a store that only this process writes."""

    def __init__(self, clock: Clock) -> None:
        """:param clock: tells how old a value is."""
        self._clock = clock
        self._entries: dict[str, Entry] = {}
        self._look_at = FEW

    async def get(self, key: str, load: Load) -> bytes:
        """The entry, or what one load for all who ask gives."""
        entry = self._entries.get(key)
        if entry is None or not entry.holds(self._clock.now()):
            self._make_room()
            entry = self._entries[key] = Entry()
            entry.loading = asyncio.ensure_future(self._load(key, entry, load))
        return await asyncio.shield(entry.loading)

    async def forget(self, keys: Sequence[str]) -> bool:
        """Remove entries, those under way too."""
        for key in keys:
            self._entries.pop(key, None)
        return True

    async def _load(self, key: str, entry: Entry, load: Load) -> bytes:
        try:
            value = await load()
        except BaseException:
            if self._entries.get(key) is entry:
                del self._entries[key]
            raise
        entry.until = self._clock.now() + LIFETIME
        return value

    def _make_room(self) -> None:
        if len(self._entries) >= self._look_at:
            now = self._clock.now()
            self._entries = {key: entry for key, entry in self._entries.items() if entry.holds(now)}
            self._look_at = max(FEW, 2 * len(self._entries))


class NoCache(Cache):
    """Keeps nothing, for processes that share a store and no cache."""

    keeps = False

    async def get(self, key: str, load: Load) -> bytes:
        """What a load gives."""
        return await load()

    async def forget(self, keys: Sequence[str]) -> bool:
        """Nothing is kept."""
        return True
