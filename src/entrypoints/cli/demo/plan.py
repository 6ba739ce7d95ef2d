"""What demo data consists of; the same size, seed and day give the same data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

from msgspec import Struct

DAYS = 21
FIRST, LAST = UUID("de300000-0000-0000-0000-000000000000"), UUID("de30ffff-ffff-ffff-ffff-ffffffffffff")
"""Between these two lie all ids of demo data, and nobody else's: they are of version 8, made by us (RFC 9562 §5.8)."""

WAREHOUSE, PRODUCT, MOVEMENT, ENVELOPE = 1, 2, 3, 4
SHORT, SURPLUS, LOST, OVERTAKEN, RECEIPT = 0, 1, 2, 3, 4
"""What is special about each fifteenth movement, by the rest of its number; a receipt about each thirtieth."""

MISCOUNTED = {0: -2, 1: 1, 4: -1}
"""By how much a count differs from what the stock says, by the number of the product."""

Pair = tuple[UUID, UUID]
Json = dict[str, Any]


class Size(Struct, frozen=True):
    """How much there is; ``number`` keeps the ids of sizes apart."""

    number: int
    warehouses: int
    products: int
    movements: int


SIZES = {"s": Size(1, 3, 8, 60), "m": Size(2, 8, 40, 2_000), "l": Size(3, 25, 200, 50_000)}


class Movement(Struct, frozen=True, kw_only=True):
    """One movement; a half without a warehouse or a moment never happens."""

    id: UUID
    product: UUID
    source: UUID | None
    destination: UUID
    left_at: datetime
    arrived_at: datetime | None
    departed: int
    arrived: int
    overtaken: bool
    """Whether the message about its arrival comes before that about its departure."""


class Plan:
    """Data of one size and seed, whose last day ends at a midnight."""

    def __init__(self, size: str, seed: int, end: datetime) -> None:
        """:param size: s, m or l.
        :param seed: 0 to 65535.
        :param end: nothing happens later.
        """
        self.name = f"demo {size} {seed}"
        self._size, self._seed, self.end = SIZES[size], seed, end
        self.warehouses = [self._id(WAREHOUSE, number) for number in range(1, self._size.warehouses + 1)]
        self.products = [self._id(PRODUCT, number) for number in range(1, self._size.products + 1)]

    @property
    def first_movement(self) -> UUID:
        """The movement that begins when the data does, so that it tells the day of what was loaded before."""
        return self._id(MOVEMENT, 1)

    @cached_property
    def movements(self) -> list[Movement]:
        """In the order of departures."""
        chance = Random(self._seed)  # noqa: S311
        pause = timedelta(days=DAYS) / self._size.movements
        begin = self.end - timedelta(days=DAYS)
        return [self._movement(chance, number, begin + number * pause) for number in range(self._size.movements)]

    @cached_property
    def openings(self) -> dict[Pair, int]:
        """Pieces that lie there at first: enough for whatever leaves."""
        chance, pairs = Random(self._seed), product(self.warehouses, self.products)  # noqa: S311
        left = Counter[Pair]()
        for each in self.movements:
            if each.source is not None:
                left[each.source, each.product] += each.departed
        return {pair: left[pair] + chance.randint(10, 200) for pair in pairs}

    @cached_property
    def stocks(self) -> dict[Pair, int]:
        """Pieces that lie there in the end, after the stocktake."""
        found = dict(self.openings)
        for each in self.movements:
            if each.source is not None:
                found[each.source, each.product] -= each.departed
            if each.arrived_at is not None:
                found[each.destination, each.product] += each.arrived
        for number, difference in MISCOUNTED.items():
            found[self.warehouses[0], self.products[number]] += difference
        return found

    @property
    def thresholds(self) -> dict[Pair, int]:
        """One stock in each warehouse that is low, and one that is not."""
        low, fine = self.products[2], self.products[3]
        levels = {(warehouse, low): self.stocks[warehouse, low] + 10 for warehouse in self.warehouses}
        return levels | {(warehouse, fine): 5 for warehouse in self.warehouses}

    def messages(self) -> list[Json]:
        """Messages of warehouses in the order in which they come."""
        return [message for _, message in sorted(self._timed(), key=lambda timed: timed[0])]

    def odd_messages(self) -> list[Json]:
        """Messages that go into quarantine: one that contradicts another, and one of more than there is."""
        first = next(each for each in self.movements if each.source is not None)
        count = len(self.movements)
        contradicts = self._message(first, 2 * count + 2, "departure", first.departed + 1)
        too_much = self._message(first, 2 * count + 3, "departure", 1_000_000)
        too_much["data"]["movement_id"] = str(self._id(MOVEMENT, count + 1))
        return [contradicts, too_much]

    def new_message(self) -> Json:
        """A departure that is not among the data, for somebody to send."""
        sent = self._message(self.movements[-1], 2 * len(self.movements) + 4, "departure", 3)
        sent["data"]["movement_id"] = str(self._id(MOVEMENT, len(self.movements) + 2))
        return sent

    def chosen(self, special: int) -> Movement:
        """The first movement with something special about it."""
        wanted = (each for number, each in enumerate(self.movements) if number % 15 == special)
        return next(each for each in wanted if (each.source is None) == (special == RECEIPT))

    def _movement(self, chance: Random, number: int, left_at: datetime) -> Movement:
        special = number % 15
        if special == RECEIPT and number % 30 != RECEIPT:
            special = -1
        source, destination = chance.sample(self.warehouses, 2)
        departed, hours = chance.randint(5, 30), chance.uniform(2, 30)
        arrived_at = left_at + timedelta(seconds=int(hours * 3600))
        difference = {SHORT: -chance.randint(1, 3), SURPLUS: 1}.get(special, 0)
        return Movement(
            id=self._id(MOVEMENT, number + 1),
            product=chance.choice(self.products),
            source=None if special == RECEIPT else source,
            destination=destination,
            left_at=left_at.replace(microsecond=0),
            arrived_at=None if special == LOST or arrived_at > self.end else arrived_at.replace(microsecond=0),
            departed=departed,
            arrived=departed + difference,
            overtaken=special == OVERTAKEN,
        )

    def _timed(self) -> Iterator[tuple[tuple[datetime, int], Json]]:
        for number, each in enumerate(self.movements):
            told = each.left_at
            if each.overtaken and each.arrived_at is not None:
                told = each.arrived_at + timedelta(minutes=20)
            if each.source is not None:
                yield (told, 2 * number), self._message(each, 2 * number, "departure", each.departed)
            if each.arrived_at is not None:
                yield (each.arrived_at, 2 * number + 1), self._message(each, 2 * number + 1, "arrival", each.arrived)

    def _message(self, each: Movement, number: int, event: str, quantity: int) -> Json:
        warehouse, at = (each.destination, each.arrived_at) if event == "arrival" else (each.source, each.left_at)
        assert warehouse is not None
        assert at is not None
        source = f"WH-{1000 + self.warehouses.index(warehouse)}"
        return {
            "id": str(self._id(ENVELOPE, number)),
            "source": source,
            "specversion": "1.0",
            "type": "ru.retail.warehouses.movement",
            "datacontenttype": "application/json",
            "time": int(at.timestamp() * 1000),
            "subject": f"{source}:{event.upper()}",
            "destination": "ru.retail.warehouses",
            "data": {
                "movement_id": str(each.id),
                "warehouse_id": str(warehouse),
                "timestamp": at.isoformat().replace("+00:00", "Z"),
                "event": event,
                "product_id": str(each.product),
                "quantity": quantity,
            },
        }

    def _id(self, kind: int, number: int) -> UUID:
        return UUID(f"de30{self._seed:04x}-{kind:x}{self._size.number:x}00-8000-8000-{number:012x}")


def sheet(openings: Sequence[tuple[Pair, int]], note: str) -> bytes:
    """Opening balances as a table that can be imported."""
    lines = (f"{warehouse},{item},{pieces},opening_balance,{note}" for (warehouse, item), pieces in openings)
    return "\n".join(["warehouse_id,product_id,delta,reason,note", *lines]).encode()
