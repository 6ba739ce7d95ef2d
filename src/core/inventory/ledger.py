"""What reading the ledger needs from outside."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.inventory.api import Basis, LedgerEntry
from core.kernel.paging import Page


class LedgerReader(Protocol):
    """Reads what changed one stock, and what it was before."""

    @abstractmethod
    async def entries(self, warehouse_id: UUID, product_id: UUID, limit: int, cursor: str | None) -> Page[LedgerEntry]:
        """Changes of one stock, newest first as they were recorded; the sum of all deltas is the stock.

        A page may hold fewer than ``limit`` although more follow: departures that were parked are passed over.

        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def quantity(self, warehouse_id: UUID, product_id: UUID, as_of: datetime, by: Basis) -> int:
        """The stock at a moment of the past, in pieces.

        By event time it is the sum of all changes that had happened by then, whenever they were recorded; it may be
        below 0. By recorded time it is the balance of the last change that was recorded by then.
        """
