"""Messages of warehouses, the same for everybody, and the stock that must come of them."""

import heapq
import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from core.inventory.domain.movement import Half, MovementEvent

WAREHOUSES, PRODUCTS = 100, 200
OPENING = 1_000_000
TRAVELS = 2_000
BEGIN = datetime(2025, 2, 18, 12, 12, 56, tzinfo=UTC)
TEMPLATE = (
    '{"id":"%s","source":"WH-%04d","specversion":"1.0","type":"ru.retail.warehouses.movement",'
    '"datacontenttype":"application/json","dataschema":"ru.retail.warehouses.movement.v1.0","time":%d,'
    '"subject":"WH-%04d:%s","destination":"ru.retail.warehouses","data":{"movement_id":"%s","warehouse_id":"%s",'
    '"timestamp":"%s","event":"%s","product_id":"%s","quantity":%d}}'
)


class Stock(NamedTuple):
    """A product in a warehouse, by their numbers in the workload."""

    warehouse: int
    product: int


class Moved(NamedTuple):
    """One half of a movement."""

    movement_id: UUID
    envelope_id: UUID
    stock: Stock
    half: Half
    quantity: int
    number: int


class Workload:
    """A stream of departures, each followed by its arrival at another warehouse about 2000 events later.

    ``quantities`` is the oracle: every stock after all events that were taken so far.
    """

    def __init__(self, warehouses: int = WAREHOUSES, products: int = PRODUCTS, seed: int = 5) -> None:
        """:param warehouses: how many of all warehouses take part, and so with products."""
        self._random = random.Random(seed)
        self._taking_part = warehouses, products
        self.warehouses = [self._id() for _ in range(WAREHOUSES)]
        self.products = [self._id() for _ in range(PRODUCTS)]
        self.quantities = {(warehouse, product): OPENING for warehouse in self.warehouses for product in self.products}
        self._travelling: list[tuple[int, UUID, Stock, int]] = []
        self.number = 0

    def take(self, count: int) -> list[Moved]:
        """The next events."""
        return [self._next() for _ in range(count)]

    def message(self, moved: Moved) -> bytes:
        """The bytes that a warehouse would send, 560 or so of them."""
        source, half = 1000 + moved.stock.warehouse, moved.half.value
        return (
            TEMPLATE
            % (
                moved.envelope_id,
                source,
                1737439421623 + moved.number,
                source,
                half.upper(),
                moved.movement_id,
                self.warehouses[moved.stock.warehouse],
                (BEGIN + timedelta(seconds=moved.number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
                half,
                self.products[moved.stock.product],
                moved.quantity,
            )
        ).encode()

    def event(self, moved: Moved) -> MovementEvent:
        """What the message says."""
        return MovementEvent(
            moved.movement_id,
            moved.half,
            self.warehouses[moved.stock.warehouse],
            self.products[moved.stock.product],
            moved.quantity,
            BEGIN + timedelta(seconds=moved.number),
            1000 + moved.stock.warehouse,
            moved.envelope_id,
        )

    def _next(self) -> Moved:
        number = self.number
        self.number += 1
        if self._travelling and self._travelling[0][0] <= number:
            _, movement, stock, quantity = heapq.heappop(self._travelling)
            half = Half.ARRIVAL
        else:
            movement, half = self._id(), Half.DEPARTURE
            warehouses, products = self._taking_part
            stock = Stock(self._random.randrange(warehouses), self._random.randrange(products))
            quantity = self._random.randint(1, 100)
            there = Stock((stock.warehouse + self._random.randrange(1, warehouses)) % warehouses, stock.product)
            due = number + self._random.randint(TRAVELS // 2, TRAVELS * 3 // 2)
            heapq.heappush(self._travelling, (due, movement, there, quantity))
        key = self.warehouses[stock.warehouse], self.products[stock.product]
        self.quantities[key] += quantity if half is Half.ARRIVAL else -quantity
        return Moved(movement, self._id(), stock, half, quantity, number)

    def _id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)
