"""What watching goods under way needs from outside."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from core.inventory.api import InTransitView
from core.kernel.paging import Page


class Overdue(msgspec.Struct, frozen=True, gc=False):
    """Goods that left and are under way for longer than ``limit_hours``, the limit of their warehouse."""

    movement_id: UUID
    warehouse_id: UUID
    product_id: UUID
    quantity: int
    departed_at: datetime
    limit_hours: int


class TransitWatch(Protocol):
    """How long goods may be under way, and which are so for longer."""

    @abstractmethod
    async def limit(self, warehouse_id: UUID) -> int | None:
        """The limit of what leaves a warehouse, in hours, held against others until the unit of work ends; None when
        it has none of its own."""

    @abstractmethod
    async def set_limit(self, warehouse_id: UUID, hours: int | None) -> None:
        """Set the limit of a warehouse, or None to take it away; what is marked already stays so."""

    @abstractmethod
    async def mark_overdue(self, at: datetime, default_hours: int, most: int) -> list[Overdue]:
        """Mark applied departures without arrival that are over their limit, the oldest first; each is marked once.

        Those that others hold are left out.

        :param default_hours: the limit of warehouses that have none of their own.
        :returns: those that it marked, ``most`` of them at the most.
        """


class TransitReader(Protocol):
    """Reads which goods are overdue, and from when on they are."""

    @abstractmethod
    async def overdue(self, limit: int, cursor: str | None) -> Page[InTransitView]:
        """Departures that were found overdue and have no arrival, oldest departure first.

        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def limit(self, warehouse_id: UUID) -> int | None:
        """The limit of what leaves a warehouse, in hours; None when it has none of its own."""
