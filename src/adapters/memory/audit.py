"""The audit trail in memory."""

from dataclasses import dataclass

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
