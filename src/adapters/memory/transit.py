"""Goods that are under way for too long, in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from adapters.memory.movement_reader import transit_view
from adapters.memory.pages import after, page
from adapters.memory.store import Entry, Limit, MemoryStore, Tables
from core.inventory.api import InTransitView
from core.inventory.domain.movement import Half
from core.inventory.domain.transit import is_overdue
from core.inventory.positions import ByOverdue
from core.inventory.transit import Overdue, TransitReader, TransitWatch
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class MemoryTransitWatch(TransitWatch):
    """Marks departures in a draft."""

    tables: Tables

    async def limit(self, warehouse_id: UUID) -> int | None:
        """The limit of a warehouse itself."""
        return (self.tables.limits.get(warehouse_id) or Limit()).hours

    async def set_limit(self, warehouse_id: UUID, hours: int | None) -> None:
        """Set the limit of a warehouse."""
        self.tables.limits.put(warehouse_id, Limit(hours))

    async def mark_overdue(self, at: datetime, default_hours: int, most: int) -> list[Overdue]:
        """Mark what is over its limit, the oldest first."""
        marked: list[Overdue] = []
        for entry in sorted(self._under_way(), key=lambda each: (each.event.occurred_at, each.event.movement_id)):
            event = entry.event
            own = await self.limit(event.warehouse_id)
            hours = default_hours if own is None else own
            if len(marked) < most and is_overdue(event.occurred_at, at, hours):
                self.tables.entries.put((event.movement_id, event.half), msgspec.structs.replace(entry, overdue=True))
                marked.append(
                    Overdue(
                        event.movement_id,
                        event.warehouse_id,
                        event.product_id,
                        event.quantity,
                        event.occurred_at,
                        hours,
                    )
                )
        return marked

    def _under_way(self) -> Iterator[Entry]:
        entries = self.tables.entries
        for entry in entries.values():
            if entry.left and not entry.overdue and entries.get((entry.event.movement_id, Half.ARRIVAL)) is None:
                yield entry


@dataclass(frozen=True, slots=True)
class MemoryTransitReader(TransitReader):
    """Reads what is committed; the list looks at every event."""

    store: MemoryStore

    async def overdue(self, limit: int, cursor: str | None) -> Page[InTransitView]:
        """Departures that were marked and have no arrival, oldest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByOverdue)
        rows = [
            (ByOverdue(entry.event.occurred_at, entry.event.movement_id), transit_view(entry))
            for entry in self.store.committed.entries.values()
            if entry.overdue
        ]
        rows.sort(key=lambda row: row[0])
        return page((row for row in rows if start is None or row[0] > start), limit)

    async def limit(self, warehouse_id: UUID) -> int | None:
        """The limit of a warehouse itself."""
        return (self.store.committed.limits.get(warehouse_id) or Limit()).hours
