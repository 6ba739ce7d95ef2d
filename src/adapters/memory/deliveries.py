"""Deliveries in memory, as operators read and change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec.structs import replace

from adapters.memory.outbox import take_out
from adapters.memory.pages import after, page
from adapters.memory.store import MemoryStore, Tables, Waits
from core.kernel.outbox import Delivery
from core.kernel.paging import Page
from core.operations.api import ChosenDeliveries, DeliveryState, DeliveryView, FactView
from core.operations.ports import Deliveries, DeliveryReader, FactReader
from core.operations.positions import ByDelivery


@dataclass(frozen=True, slots=True)
class MemoryDeliveries(Deliveries):
    """Changes a draft."""

    tables: Tables

    async def lock(self, chosen: ChosenDeliveries, limit: int) -> list[int]:
        """Nobody else writes, so there is nothing to lock."""
        fits = (row.delivery.seq for row in self.tables.deliveries.values() if _fits(row, chosen))
        return sorted(fits)[:limit]

    async def replay(self, subscriber: str, seqs: Sequence[int], now: datetime) -> None:
        """Put them back into the draft."""
        for seq in seqs:
            row = self.tables.deliveries.get((subscriber, seq))
            assert row is not None
            again = replace(row, delivery=replace(row.delivery, attempts=0), state="pending", due_at=now)
            self.tables.deliveries.put((subscriber, seq), again)

    async def drop(self, subscriber: str, seqs: Sequence[int]) -> None:
        """Take them out of the draft."""
        for seq in seqs:
            row = self.tables.deliveries.get((subscriber, seq))
            assert row is not None
            take_out(self.tables, row)


@dataclass(frozen=True, slots=True)
class MemoryDeliveryReader(DeliveryReader):
    """Reads what is committed; lists look at every delivery."""

    store: MemoryStore

    async def deliveries(
        self, subscriber: str | None, state: DeliveryState | None, limit: int, cursor: str | None, *, failed: bool
    ) -> Page[DeliveryView]:
        """Sort what is there."""
        start = after(cursor, ByDelivery)
        found = (
            (ByDelivery(row.delivery.seq, row.delivery.subscriber), _view(row))
            for row in self.store.committed.deliveries.values()
            if subscriber in {None, row.delivery.subscriber} and state in {None, row.state} and failed <= row.failed
        )
        rows = sorted((each for each in found if start is None or each[0] > start), key=lambda each: each[0])
        return page(rows, limit)

    async def delivery(self, subscriber: str, seq: int) -> DeliveryView | None:
        """Decode its fact."""
        row = self.store.committed.deliveries.get((subscriber, seq))
        return None if row is None else replace(_view(row), payload=msgspec.json.decode(row.delivery.payload))


@dataclass(frozen=True, slots=True)
class MemoryFactReader(FactReader):
    """Reads what is committed; every call looks at the whole outbox."""

    store: MemoryStore

    async def last(self, limit: int) -> list[FactView]:
        """The newest ones."""
        kept = sorted(self.store.committed.outbox.items())
        return [_fact(row) for _, row in kept[max(len(kept) - limit, 0) :]]

    async def after(self, seq: int, missing: Sequence[int], limit: int) -> list[FactView]:
        """Those that were missing, then newer ones."""
        kept = sorted(self.store.committed.outbox.items())
        late = [row for number, row in kept if number in set(missing)]
        return [_fact(row) for row in late + [row for number, row in kept if number > seq][:limit]]


def _fits(row: Waits, chosen: ChosenDeliveries) -> bool:
    if row.delivery.subscriber != chosen.subscriber or not row.failed:
        return False
    wanted = row.state == "dead" if chosen.seq is None else row.delivery.seq == chosen.seq
    named = chosen.name in {None, row.delivery.name}
    return wanted and named and (chosen.error is None or chosen.error in (row.error or ""))


def _view(row: Waits) -> DeliveryView:
    return DeliveryView(
        subscriber=row.delivery.subscriber,
        seq=row.delivery.seq,
        id=row.delivery.id,
        name=row.delivery.name,
        version=row.delivery.version,
        key=row.delivery.key,
        state=DeliveryState(row.state),
        attempts=row.delivery.attempts,
        failed=row.failed,
        error=row.error,
        due_at=row.due_at,
        occurred_at=row.delivery.occurred_at,
    )


def _fact(kept: Delivery) -> FactView:
    return FactView(
        seq=kept.seq,
        id=kept.id,
        name=kept.name,
        version=kept.version,
        key=kept.key,
        occurred_at=kept.occurred_at,
        payload=msgspec.Raw(kept.payload),
    )
