"""Rows of identity that nobody needs any more, dropped from memory."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from adapters.memory.store import MemoryStore
from adapters.memory.tables import Table
from core.identity.traces import Leftovers


@dataclass(frozen=True, slots=True)
class MemoryLeftovers(Leftovers):
    """Drops what is committed, while nobody writes; it looks at every row."""

    store: MemoryStore

    async def drop_attempts(self, before: datetime, most: int) -> int:
        """Drop rows of the log."""
        attempts = self.store.committed.attempts
        return await self._drop(attempts, {each.id: each.at for each in attempts.values()}, before, most)

    async def drop_sessions(self, before: datetime, most: int) -> int:
        """Drop sessions, and tokens that are left without one."""
        sessions, tokens = self.store.committed.sessions, self.store.committed.refresh_tokens
        over = {each.id: each.ended_at or each.expires_at for each in sessions.values()}
        dropped = await self._drop(sessions, over, before, most)
        for key in [key for key, token in tokens.items() if dropped and sessions.get(token.session_id) is None]:
            tokens.remove(key)
        return dropped

    async def drop_codes(self, before: datetime, most: int) -> int:
        """Drop codes."""
        codes = self.store.committed.codes
        return await self._drop(codes, {each.id: each.expires_at for each in codes.values()}, before, most)

    async def _drop(self, table: Table[UUID, Any], over: dict[UUID, datetime], before: datetime, most: int) -> int:
        old = [key for key in sorted(over, key=over.__getitem__) if over[key] < before][:most]
        async with self.store.writing:
            for key in old:
                table.remove(key)
        return len(old)
