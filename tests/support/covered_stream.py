"""A stream of movements whose outcome does not depend on the order, and what must come of it."""

from collections import Counter
from dataclasses import dataclass
from random import Random
from uuid import UUID

from core.inventory.domain.movement import MovementEvent
from tests.support.events import World

Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class Stream:
    """Messages as they are sent, repeated and shuffled, and the events without the repetitions."""

    sent: list[MovementEvent]
    events: list[MovementEvent]

    def stocks(self) -> dict[Pair, int]:
        """Every stock in the end, where arrivals cover departures: the sum of all that moved."""
        sums: Counter[Pair] = Counter()
        for event in self.events:
            sums[event.warehouse_id, event.product_id] += event.delta
        return dict(sums)


def covered_stream(seed: int, movements: int, *, warehouses: int = 12, products: int = 10) -> Stream:
    """Movements between warehouses, some with a half still missing, and receipts that cover every departure.

    Every message comes one to three times.
    """
    world, random = World(), Random(seed)
    events: list[MovementEvent] = []
    needed: Counter[tuple[int, int]] = Counter()
    for n in range(movements):
        source, target = random.sample(range(warehouses), 2)
        product, quantity, minute = random.randrange(products), random.randint(1, 100), random.randrange(100_000)
        envelope = None if n % 10 else n
        if random.random() < 0.9:
            number = None if envelope is None else source
            events.append(
                world.departure(
                    n, quantity, warehouse=source, product=product, minute=minute, source=number, envelope=envelope
                )
            )
            needed[source, product] += quantity
        if random.random() < 0.9:
            number = None if envelope is None else target
            arrived = max(1, quantity + random.randint(-2, 1))
            events.append(
                world.arrival(
                    n, arrived, warehouse=target, product=product, minute=minute + 60, source=number, envelope=envelope
                )
            )
    for n, ((warehouse, product), quantity) in enumerate(needed.items(), start=movements):
        events.append(world.arrival(2 * n, quantity, warehouse=warehouse, product=product))
    sent = [event for event in events for _ in range(random.randint(1, 3))]
    random.shuffle(sent)
    return Stream(sent, events)
