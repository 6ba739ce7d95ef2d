"""Quarantine in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from adapters.memory.store import Item, Tables
from core.inventory.api import QuarantineState
from core.inventory.domain.movement import Reason
from core.inventory.ports import Quarantine, QuarantinedMessage


@dataclass(frozen=True, slots=True)
class MemoryQuarantine(Quarantine):
    """Keeps items in a draft; since one unit of work writes at a time, nobody else ever holds one."""

    tables: Tables

    async def add(self, messages: Sequence[QuarantinedMessage]) -> None:
        """Keep messages or count them again."""
        for message in messages:
            known = self.tables.identities.get(message.identity)
            item = self.tables.quarantine.get(known) if known else None
            if item is None:
                self.tables.identities.put(message.identity, message.id)
                item = Item(message, QuarantineState.OPEN, 0, message.at)
            counted = replace(item, times=item.times + 1, last_seen=message.at)
            self.tables.quarantine.put(item.message.id, counted)

    async def lock(self, item_id: UUID) -> tuple[QuarantineState, QuarantinedMessage] | None:
        """An item and its state."""
        item = self.tables.quarantine.get(item_id)
        return (item.state, item.message) if item else None

    async def lock_open(self, reason: Reason, limit: int) -> list[QuarantinedMessage]:
        """The oldest open items of a reason, by id."""
        found = [item.message for item in self._open() if item.message.reason is reason]
        return sorted(found, key=lambda message: message.id)[:limit]

    async def close(
        self, item_ids: Sequence[UUID], state: QuarantineState, actor: str, note: str, at: datetime
    ) -> None:
        """Set the final state of those that are open."""
        for item_id in item_ids:
            item = self.tables.quarantine.get(item_id)
            if item is not None and item.state is QuarantineState.OPEN:
                self.tables.quarantine.put(item_id, replace(item, state=state, closed_by=actor, note=note))

    async def refuse_again(self, item_id: UUID, reason: Reason, details: dict[str, Any], at: datetime) -> None:
        """Set the reason and the details of an open item."""
        item = self.tables.quarantine.get(item_id)
        if item is not None and item.state is QuarantineState.OPEN:
            message = replace(item.message, reason=reason, details=details)
            self.tables.quarantine.put(item_id, replace(item, message=message))

    async def close_applied(self, movement_ids: Sequence[UUID], at: datetime) -> None:
        """Close the open items of these movements that lacked stock."""
        for item in self._open():
            message = item.message
            if message.reason is Reason.INSUFFICIENT_STOCK and message.movement_id in movement_ids:
                self.tables.quarantine.put(message.id, replace(item, state=QuarantineState.APPLIED))

    def _open(self) -> list[Item]:
        return [item for item in self.tables.quarantine.values() if item.state is QuarantineState.OPEN]
