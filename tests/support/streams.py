"""Streams of events whose keys collide often."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from core.inventory.domain.movement import Half, MovementEvent
from core.inventory.domain.stock import Shortage
from core.inventory.ports import Adjustment
from tests.support.events import Rest, World

MOVEMENTS, WAREHOUSES, PRODUCTS = 5, 3, 2


@dataclass(frozen=True)
class Said:
    """An event with numbers for ids, so that it can be said again in another world."""

    half: Half
    movement: int
    quantity: int
    rest: Rest

    def of(self, world: World) -> MovementEvent:
        """The event of one world."""
        return world.event(self.half, self.movement, self.quantity, **self.rest)


@dataclass(frozen=True)
class Batch:
    """Events that come at once."""

    said: tuple[Said, ...]
    shortage: Shortage

    def of(self, world: World) -> Sequence[MovementEvent]:
        """The events of one world."""
        return [each.of(world) for each in self.said]


@dataclass(frozen=True)
class Adjust:
    """A stock that is set right; ``n`` counts adjustments."""

    n: int
    delta: int
    warehouse: int
    product: int

    def of(self, world: World) -> Adjustment:
        """The adjustment of one world."""
        return world.adjusting(self.delta, self.n, warehouse=self.warehouse, product=self.product)


@dataclass(frozen=True)
class AdjustAll:
    """Stocks that are set right together, all or none; no two of them are the same."""

    each: tuple[Adjust, ...]

    def of(self, world: World) -> Sequence[Adjustment]:
        """The adjustments of one world."""
        return [each.of(world) for each in self.each]


@dataclass(frozen=True)
class Cancel:
    """A movement that is taken back."""

    movement: int


Step = Batch | Adjust | AdjustAll | Cancel


@st.composite
def events(draw: st.DrawFn) -> Said:
    """One event out of a small pool."""
    rest = Rest(
        warehouse=draw(st.integers(1, WAREHOUSES)),
        product=draw(st.sampled_from([1, 1, 1, PRODUCTS])),
        minute=draw(st.integers(0, 2)),
        source=draw(st.sampled_from([None, 1, 2])),
        envelope=draw(st.sampled_from([None, None, 1, 2, 3])),
    )
    half, movement = draw(st.sampled_from(list(Half))), draw(st.integers(1, MOVEMENTS))
    return Said(half, movement, draw(st.sampled_from([1, 2, 5, 10])), rest)


@st.composite
def adjustments(draw: st.DrawFn, first: int) -> AdjustAll:
    """Adjustments of some stocks, numbered from ``first``."""
    places = st.tuples(st.integers(1, WAREHOUSES), st.integers(1, PRODUCTS))
    chosen = draw(st.lists(places, min_size=1, max_size=4, unique=True))
    deltas = st.sampled_from([20, 10, 3, -3])
    return AdjustAll(tuple(Adjust(first + n, draw(deltas), *place) for n, place in enumerate(chosen)))


@st.composite
def streams(draw: st.DrawFn) -> list[Step]:
    """Batches, in which some events come again, with adjustments and cancellations between them."""
    steps: list[Step] = []
    known: list[Said] = []
    for n in range(draw(st.integers(1, 6))):
        if draw(st.integers(0, 3)) == 0:
            steps.append(Adjust(n, draw(st.sampled_from([20, 10, 3, -3])), draw(st.integers(1, WAREHOUSES)), 1))
            continue
        if draw(st.integers(0, 3)) == 0:
            steps.append(draw(adjustments(10 * (n + 1))))
            continue
        if draw(st.integers(0, 3)) == 0:
            steps.append(Cancel(draw(st.integers(1, MOVEMENTS))))
            continue
        fresh = draw(st.lists(events(), min_size=1, max_size=8))
        again = draw(st.lists(st.sampled_from([*known, *fresh]), max_size=4))
        known += fresh
        batch = draw(st.permutations([*fresh, *again]))
        steps.append(Batch(tuple(batch), draw(st.sampled_from(list(Shortage)))))
    return steps
