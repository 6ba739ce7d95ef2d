"""Read which goods are overdue, and from when on they are."""

from dataclasses import dataclass
from uuid import UUID

from core.inventory.api import InTransitView, TransitLimitView
from core.inventory.permissions import READ
from core.inventory.transit import TransitReader
from core.inventory.usecases.watch_transit import limit_view
from core.kernel.actor import Actor
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class ListOverdue:
    """Goods that were found to be under way for too long."""

    reader: TransitReader

    async def __call__(self, actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[InTransitView]:
        """One page of overdue departures, the oldest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        return await self.reader.overdue(limit, cursor)


@dataclass(frozen=True, slots=True)
class GetTransitLimit:
    """How long goods that left a warehouse may be under way."""

    reader: TransitReader

    async def __call__(self, actor: Actor, warehouse_id: UUID) -> TransitLimitView:
        """The limit that holds for a warehouse, its own or the default."""
        actor.require(READ)
        return limit_view(warehouse_id, await self.reader.limit(warehouse_id))
