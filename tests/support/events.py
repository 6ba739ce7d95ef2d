"""Events and messages for tests."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypedDict, Unpack
from uuid import UUID

import msgspec

from core.inventory.api import AdjustmentReason
from core.inventory.domain.envelope import KafkaEnvelope, MovementData
from core.inventory.domain.movement import Half, MovementEvent
from core.inventory.ports import Adjustment

T0 = datetime(2025, 2, 18, 12, tzinfo=UTC)
GOLDEN = Path(__file__).resolve().parents[2] / "contracts" / "events" / "golden"
_worlds = count(1)


class Rest(TypedDict, total=False):
    """What an event may have beside its movement and quantity; numbers stand for ids."""

    warehouse: int
    product: int
    minute: float
    source: int | None
    envelope: int | None


class World:
    """Ids that no other world has; the same numbers are the same things, and higher numbers have higher ids."""

    def __init__(self) -> None:
        self.number = next(_worlds)

    def movement(self, n: int = 1) -> UUID:
        return self._id(1, n)

    def warehouse(self, n: int = 1) -> UUID:
        return self._id(2, n)

    def product(self, n: int = 1) -> UUID:
        return self._id(3, n)

    def envelope(self, n: int = 1) -> UUID:
        return self._id(4, n)

    def adjustment(self, n: int = 1) -> UUID:
        return self._id(5, n)

    def event(self, half: Half, n: int, quantity: int, **rest: Unpack[Rest]) -> MovementEvent:
        """One half of movement ``n``, ``minute`` minutes after the first moment of the tests."""
        envelope = rest.get("envelope")
        return MovementEvent(
            self.movement(n),
            half,
            self.warehouse(rest.get("warehouse", 1)),
            self.product(rest.get("product", 1)),
            quantity,
            T0 + timedelta(minutes=rest.get("minute", 0)),
            rest.get("source"),
            None if envelope is None else self.envelope(envelope),
        )

    def departure(self, n: int = 1, quantity: int = 10, **rest: Unpack[Rest]) -> MovementEvent:
        """Movement ``n`` leaves, warehouse 1 if no other is named."""
        return self.event(Half.DEPARTURE, n, quantity, **rest)

    def arrival(self, n: int = 1, quantity: int = 10, **rest: Unpack[Rest]) -> MovementEvent:
        """Movement ``n`` comes, to warehouse 2 after an hour if nothing else is said."""
        merged: Rest = {"warehouse": 2, "minute": 60, **rest}
        return self.event(Half.ARRIVAL, n, quantity, **merged)

    def adjusting(self, delta: int, n: int = 1, *, warehouse: int = 1, product: int = 1) -> Adjustment:
        """Adjustment ``n`` of a stock."""
        return Adjustment(
            id=self.adjustment(n),
            warehouse_id=self.warehouse(warehouse),
            product_id=self.product(product),
            delta=delta,
            reason=AdjustmentReason.COUNT,
            note=f"note {n}",
            actor="keeper",
            at=T0 + timedelta(seconds=n),
        )

    def _id(self, kind: int, n: int) -> UUID:
        return UUID(int=kind << 120 | self.number << 64 | n)


def envelope_of(event: MovementEvent) -> KafkaEnvelope:
    """The whole envelope that a warehouse would send for an event."""
    source = f"WH-{event.source or 0:04}"
    return KafkaEnvelope(
        id=event.envelope_id
        or UUID(int=event.movement_id.int ^ (1 << 112 if event.half is Half.ARRIVAL else 1 << 113)),
        source=source,
        specversion="1.0",
        type="ru.retail.warehouses.movement",
        time=1737439421623,
        subject=f"{source}:{event.half.upper()}",
        datacontenttype="application/json",
        dataschema="ru.retail.warehouses.movement.v1.0",
        destination="ru.retail.warehouses",
        data=MovementData(
            event.movement_id,
            event.warehouse_id,
            event.occurred_at,
            event.half,
            event.product_id,
            event.quantity,
        ),
    )


def message_of(event: MovementEvent) -> bytes:
    """The bytes that a warehouse would send for an event."""
    return msgspec.json.encode(envelope_of(event))


def sample(half: str) -> bytes:
    """The assignment's own message, ``departure`` of 100 or ``arrival`` of 98."""
    return (GOLDEN / f"envelope.{half}.json").read_bytes()
