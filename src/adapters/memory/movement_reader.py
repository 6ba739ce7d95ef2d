"""Reading movements in memory."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from adapters.memory.pages import after, page
from adapters.memory.store import Entry, MemoryStore
from core.inventory.api import InTransitTotal, InTransitView, MovementView
from core.inventory.domain.movement import Half
from core.inventory.domain.view import movement_view
from core.inventory.ports import MovementFilter, MovementReader
from core.inventory.positions import ByDeparture, ByReceipt, BySource
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class MemoryMovementReader(MovementReader):
    """Reads what is committed; lists look at every event."""

    store: MemoryStore

    async def movement(self, movement_id: UUID) -> MovementView | None:
        """Both halves in one, or None when none has come."""
        halves = self._halves(movement_id)
        return self._view(halves, movement_id) if any(halves) else None

    async def movements(self, wanted: MovementFilter, limit: int, cursor: str | None) -> Page[MovementView]:
        """Movements, newest first by receipt of their first matching half.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByReceipt)
        rows = ((at, view) for at, view in self._found(wanted) if start is None or at < start)
        return page(rows, limit)

    async def in_transit(
        self, warehouse_id: UUID | None, product_id: UUID | None, limit: int, cursor: str | None
    ) -> Page[InTransitView]:
        """Departures that were applied and have no arrival, oldest departure first.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByDeparture)
        rows = [
            (ByDeparture(entry.event.occurred_at, entry.event.movement_id), transit_view(entry))
            for entry in self._under_way(warehouse_id, product_id)
        ]
        rows.sort(key=lambda row: row[0])
        return page((row for row in rows if start is None or row[0] > start), limit)

    async def in_transit_totals(
        self, warehouse_id: UUID | None, product_id: UUID | None, limit: int, cursor: str | None
    ) -> Page[InTransitTotal]:
        """Goods in transit summed by source warehouse and product.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, BySource)
        sums: dict[BySource, list[int]] = defaultdict(list)
        for entry in self._under_way(warehouse_id, product_id):
            sums[BySource(entry.event.warehouse_id, entry.event.product_id)].append(entry.event.quantity)
        rows = [
            (at, InTransitTotal(at.source_warehouse_id, at.product_id, len(found), sum(found)))
            for at, found in sorted(sums.items(), key=lambda each: each[0])
            if start is None or at > start
        ]
        return page(rows, limit)

    def _halves(self, movement_id: UUID) -> tuple[Entry | None, Entry | None]:
        entries = self.store.committed.entries
        return entries.get((movement_id, Half.DEPARTURE)), entries.get((movement_id, Half.ARRIVAL))

    def _view(self, halves: tuple[Entry | None, Entry | None], movement_id: UUID) -> MovementView:
        departure, arrival = halves
        return movement_view(
            departure.event if departure else None,
            arrival.event if arrival else None,
            parked=departure is not None and departure.balance is None and not departure.cancelled,
            decision=self.store.committed.decisions.get(movement_id),
        )

    def _found(self, wanted: MovementFilter) -> Iterator[tuple[ByReceipt, MovementView]]:
        matching = (entry for entry in self.store.committed.entries.values() if _matches(entry, wanted))
        for entry in sorted(matching, key=lambda entry: entry.seq, reverse=True):
            halves = self._halves(entry.event.movement_id)
            if entry.seq == min(half.seq for half in halves if half and _matches(half, wanted)):
                view = self._view(halves, entry.event.movement_id)
                if wanted.holds_for(view):
                    yield ByReceipt(entry.seq), view

    def _under_way(self, warehouse_id: UUID | None, product_id: UUID | None) -> Iterator[Entry]:
        wanted = MovementFilter(warehouse_id=warehouse_id, product_id=product_id)
        for entry in self.store.committed.entries.values():
            if entry.left and _matches(entry, wanted) and self._halves(entry.event.movement_id)[1] is None:
                yield entry


def _matches(entry: Entry, wanted: MovementFilter) -> bool:
    event = entry.event
    return wanted.warehouse_id in {None, event.warehouse_id} and wanted.product_id in {None, event.product_id}


def transit_view(entry: Entry) -> InTransitView:
    """What a reader sees of a departure without arrival."""
    event = entry.event
    return InTransitView(event.movement_id, event.product_id, event.warehouse_id, event.quantity, event.occurred_at)
