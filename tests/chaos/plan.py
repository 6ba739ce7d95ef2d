"""What a run sends, drawn from a seed, and what must come of it however the order turns out."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Unpack
from uuid import UUID, uuid5

import msgspec

from core.inventory.api import Reason
from core.inventory.domain.movement import Half, MovementEvent
from tests.support.events import T0, Rest, World, envelope_of, message_of
from tests.support.poison import CONTRADICTING, UNREADABLE

Pair = tuple[UUID, UUID]
Key = tuple[UUID, Half]
WAREHOUSES, PRODUCTS = 40, 25
MOST_COPIES = 5
FOUR_DAYS, A_MINUTE = timedelta(days=4), timedelta(minutes=1)
SPACE = UUID(int=0x50717)


@dataclass(frozen=True)
class Sending:
    """One message for Kafka; ``poison`` says why it must go to quarantine."""

    key: bytes
    value: bytes | None
    poison: Reason | None = None


@dataclass
class Plan:
    """A run: ``openings`` and ``anchors`` come first, ``sendings`` through Kafka, ``posts`` through the webhook.

    ``events`` must all be applied in the end, once each; those of ``posts`` if they were accepted.
    """

    seed: int
    openings: Counter[Pair] = field(default_factory=Counter)
    anchors: list[MovementEvent] = field(default_factory=list)
    events: list[MovementEvent] = field(default_factory=list)
    posts: list[MovementEvent] = field(default_factory=list)
    sendings: list[Sending] = field(default_factory=list)

    @property
    def poisoned(self) -> int:
        """How many messages must go to quarantine."""
        return sum(sending.poison is not None for sending in self.sendings)


def plan_of(seed: int, events: int, posts: int | None = None, end: datetime = T0) -> Plan:
    """Draw a run of so many unique events, and of as many posts; a fiftieth of them if nothing is said.

    Departures are covered: half of what a stock needs is its opening balance, the rest arrives during the run.

    :param end: of the four days in which goods left, so that some are overdue by then.
    """
    random, world, plan = Random(seed), _SeededWorld(seed, end - FOUR_DAYS), Plan(seed)
    needed: Counter[tuple[int, int]] = Counter()
    number = 0
    while len(plan.events) + len(needed) < events:
        number += 1
        _add_movement(plan, random, world, number, needed)
    for (warehouse, product), quantity in needed.items():
        number += 1
        _cover(plan, world, number, warehouse, product, quantity)
    plan.posts = [_receipt(random, world, 2_000_000 + n) for n in range(posts or max(20, events // 50))]
    plan.anchors = [_receipt(random, world, 3_000_000 + n) for n in range(20)]
    plan.sendings = _sendings(plan, random, world, max(30, events // 200))
    return plan


class _SeededWorld(World):
    """Ids that hang on the seed alone, and times after a beginning of its own."""

    def __init__(self, seed: int, begin: datetime) -> None:
        super().__init__()
        self._seed = seed
        self._begin = begin

    def event(self, half: Half, n: int, quantity: int, **rest: Unpack[Rest]) -> MovementEvent:
        """One half of movement ``n``, ``minute`` minutes after the beginning."""
        event = super().event(half, n, quantity, **rest)
        return msgspec.structs.replace(event, occurred_at=event.occurred_at - T0 + self._begin)

    def _id(self, kind: int, n: int) -> UUID:
        return uuid5(SPACE, f"{self._seed}/{kind}/{n}")


def _add_movement(plan: Plan, random: Random, world: World, n: int, needed: Counter[tuple[int, int]]) -> None:
    source, target = random.sample(range(WAREHOUSES), 2)
    product, quantity, minute = (
        random.randrange(PRODUCTS),
        random.randint(1, 100),
        random.randrange(FOUR_DAYS // A_MINUTE),
    )
    envelope = None if n % 10 else n
    number = None if envelope is None else source
    if random.random() < 0.95:
        plan.events.append(
            world.departure(
                n, quantity, warehouse=source, product=product, minute=minute, source=number, envelope=envelope
            )
        )
        needed[source, product] += quantity
    if random.random() < 0.95:
        number = None if envelope is None else target
        arrived = max(1, quantity + random.randint(-2, 1))
        plan.events.append(
            world.arrival(
                n, arrived, warehouse=target, product=product, minute=minute + 60, source=number, envelope=envelope
            )
        )


def _cover(plan: Plan, world: World, n: int, warehouse: int, product: int, quantity: int) -> None:
    opening = max(1, quantity // 2)
    plan.openings[world.warehouse(warehouse), world.product(product)] += opening
    if quantity > opening:
        plan.events.append(world.arrival(n, quantity - opening, warehouse=warehouse, product=product))


def _receipt(random: Random, world: World, n: int) -> MovementEvent:
    warehouse, product = random.randrange(WAREHOUSES), random.randrange(PRODUCTS)
    return world.arrival(n, random.randint(1, 100), warehouse=warehouse, product=product, source=1, envelope=n)


def _sendings(plan: Plan, random: Random, world: World, poison: int) -> list[Sending]:
    sendings = [
        Sending(event.warehouse_id.bytes, message_of(event))
        for event in plan.events
        for _ in range(random.randint(1, MOST_COPIES))
    ]
    makers = [*UNREADABLE.values(), *CONTRADICTING.values()]
    for n in range(poison):
        reason, make = makers[n % len(makers)]
        good = plan.anchors[n % len(plan.anchors)]
        if n % len(makers) < len(UNREADABLE):
            good = _receipt(random, world, 4_000_000 + n)
        sendings.append(Sending(good.warehouse_id.bytes, make(good), reason))
    random.shuffle(sendings)
    return sendings


def posted(event: MovementEvent) -> bytes:
    """The body of a webhook post."""
    return message_of(event)


def envelope_id(event: MovementEvent) -> UUID:
    """The id of the message of an event."""
    return envelope_of(event).id
