"""Reading quarantine in memory."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adapters.memory.pages import after, page
from adapters.memory.store import Item, MemoryStore
from core.inventory.api import QuarantineState, QuarantineView
from core.inventory.domain.movement import Reason
from core.inventory.ports import QuarantineReader
from core.inventory.positions import ByItem
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class MemoryQuarantineReader(QuarantineReader):
    """Reads what is committed; lists look at every item."""

    store: MemoryStore

    async def item(self, item_id: UUID) -> QuarantineView | None:
        """One item with its bytes, or None."""
        item = self.store.committed.quarantine.get(item_id)
        return _view(item) if item else None

    async def items(
        self, state: QuarantineState | None, reason: Reason | None, limit: int, cursor: str | None
    ) -> Page[QuarantineView]:
        """Items, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByItem)
        found = sorted(self.store.committed.quarantine.values(), key=lambda item: item.message.id, reverse=True)
        rows = (
            (ByItem(item.message.id), _view(item))
            for item in found
            if state in {None, item.state}
            and reason in {None, item.message.reason}
            and (start is None or item.message.id < start.id)
        )
        return page(rows, limit)

    async def gauges(self) -> tuple[int, datetime | None, int]:
        """Open items, when the oldest of them was first seen, and departures that are parked."""
        tables = self.store.committed
        seen = [item.message.at for item in tables.quarantine.values() if item.state is QuarantineState.OPEN]
        return len(seen), min(seen, default=None), sum(len(stock.waiting) for stock in tables.stocks.values())


def _view(item: Item) -> QuarantineView:
    message = item.message
    return QuarantineView(
        id=message.id,
        reason=message.reason,
        state=item.state,
        origin=message.origin,
        movement_id=message.movement_id,
        details=message.details,
        times=item.times,
        first_seen=message.at,
        last_seen=item.last_seen,
        closed_by=item.closed_by,
        note=item.note,
        raw=None if message.raw is None else b64encode(message.raw).decode(),
        text=None if message.raw is None else _text(message.raw),
    )


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None
