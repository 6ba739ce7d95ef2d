"""Decisions about movements in memory."""

from dataclasses import dataclass
from uuid import UUID

from adapters.memory.store import Tables
from core.inventory.api import Decision
from core.inventory.decisions import Decisions


@dataclass(frozen=True, slots=True)
class MemoryDecisions(Decisions):
    """Keeps decisions in a draft."""

    tables: Tables

    async def add(self, movement_id: UUID, decision: Decision) -> bool:
        """Keep the first decision."""
        if self.tables.decisions.get(movement_id) is not None:
            return False
        self.tables.decisions.put(movement_id, decision)
        return True
