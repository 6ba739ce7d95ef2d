"""The audit trail in memory."""

from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from adapters.memory.store import MemoryStore, Tables
from core.kernel.audit import AuditEntry, AuditLog, AuditReader


@dataclass(frozen=True, slots=True)
class MemoryAuditLog(AuditLog):
    """Appends to a draft."""

    tables: Tables

    async def record(self, entries: list[AuditEntry]) -> None:
        """Append entries to the draft."""
        for entry in entries:
            self.tables.audit.put(entry.id, entry)


@dataclass(frozen=True, slots=True)
class MemoryAuditReader(AuditReader):
    """Reads what is committed."""

    store: MemoryStore

    async def entries(self, object_id: str) -> list[AuditEntry]:
        """Entries about one object in the order of their ids."""
        found = [entry for entry in self.store.committed.audit.values() if entry.object_id == object_id]
        return sorted(found, key=lambda entry: entry.id)

    async def newest(self, object_id: str, limit: int, before: UUID | None) -> list[AuditEntry]:
        """Entries about one object, newest first."""
        found = reversed(await self.entries(object_id))
        return list(islice((entry for entry in found if before is None or entry.id < before), limit))
