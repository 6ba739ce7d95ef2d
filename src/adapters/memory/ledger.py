"""Reading the ledger in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adapters.memory.pages import after, page
from adapters.memory.store import MemoryStore
from core.inventory.api import Basis, LedgerEntry
from core.inventory.ledger import LedgerReader
from core.inventory.positions import ByEntry
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class MemoryLedgerReader(LedgerReader):
    """Reads what is committed; looks at every change of every stock."""

    store: MemoryStore

    async def entries(self, warehouse_id: UUID, product_id: UUID, limit: int, cursor: str | None) -> Page[LedgerEntry]:
        """Changes of one stock, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByEntry)
        rows = ((ByEntry(seq), entry) for seq, entry in self._newest_first(warehouse_id, product_id))
        return page((row for row in rows if start is None or row[0] < start), limit)

    async def quantity(self, warehouse_id: UUID, product_id: UUID, as_of: datetime, by: Basis) -> int:
        """The stock at a moment of the past, in pieces."""
        entries = [entry for _, entry in self._newest_first(warehouse_id, product_id)]
        if by is Basis.EVENT:
            return sum(entry.delta for entry in entries if entry.occurred_at <= as_of)
        return next((entry.balance_after for entry in entries if entry.recorded_at <= as_of), 0)

    def _newest_first(self, warehouse_id: UUID, product_id: UUID) -> Iterator[tuple[int, LedgerEntry]]:
        pair = warehouse_id, product_id
        found = [(seq, kept.entry) for seq, kept in self.store.committed.ledger.items() if kept.pair == pair]
        return reversed(found)
