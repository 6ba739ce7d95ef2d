"""The oracle of the stock: what was told of commits, folded by hand; it shares no code with any adapter."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from core.inventory.events import DepartureParked, MessageQuarantined, MovementApplied, MovementCancelled, StockAdjusted
from core.kernel.facts import Fact
from core.kernel.work import FactListener

Half = tuple[UUID, str]
Pair = tuple[UUID, UUID]


class Wrong(Exception):
    """A promise was broken."""


class History(FactListener):
    """Folds facts in the order of commits and fails at the first step that may not be."""

    wanted = frozenset({MovementApplied, DepartureParked, MovementCancelled, StockAdjusted, MessageQuarantined})

    def __init__(self) -> None:
        self.stock = Counter[Pair]()
        self.applied: dict[Half, MovementApplied] = {}
        self.parked: dict[Half, DepartureParked] = {}
        self.cancelled: dict[Half, MovementCancelled] = {}
        self.balances: dict[Pair, list[int]] = defaultdict(lambda: [0])
        self.place: dict[Half, int] = {}
        self.wrong = ""

    def hear(self, facts: Sequence[Fact]) -> None:
        """Fold one commit; what is wrong is kept for later, because a listener must not fail."""
        try:
            for fact in facts:
                self._fold(fact)
            moved = (_pair(fact) for fact in facts if isinstance(fact, MovementApplied | MovementCancelled))
            self._nobody_waits_in_vain(set(moved))
        except Wrong as wrong:
            self.wrong = self.wrong or str(wrong)
        changed = {
            _pair(fact) for fact in facts if isinstance(fact, MovementApplied | MovementCancelled | StockAdjusted)
        }
        for pair in changed:
            self.balances[pair].append(self.stock[pair])
        for fact in facts:
            if isinstance(fact, MovementApplied):
                self.place[fact.movement_id, str(fact.event)] = len(self.balances[_pair(fact)]) - 1

    def _fold(self, fact: Fact) -> None:
        if isinstance(fact, MovementApplied):
            self._apply(fact)
        elif isinstance(fact, DepartureParked):
            half = fact.movement_id, "departure"
            if half in self.parked or half in self.applied or half in self.cancelled:
                raise Wrong(f"{half} parked again")
            self.parked[half] = fact
        elif isinstance(fact, MovementCancelled):
            self._cancel(fact)
        elif isinstance(fact, StockAdjusted):
            self._change((fact.warehouse_id, fact.product_id), fact.delta)

    def _apply(self, fact: MovementApplied) -> None:
        half = fact.movement_id, str(fact.event)
        if half in self.applied or (fact.movement_id, "departure") in self.cancelled:
            raise Wrong(f"{half} applied twice, or after it was cancelled")
        self.parked.pop(half, None)
        self.applied[half] = fact
        self._change(_pair(fact), fact.quantity if fact.event == "arrival" else -fact.quantity)

    def _cancel(self, fact: MovementCancelled) -> None:
        half = fact.movement_id, "departure"
        left = self.applied.get(half)
        if half in self.cancelled or (fact.movement_id, "arrival") in self.applied:
            raise Wrong(f"{half} cancelled twice, or after it arrived")
        if fact.returned != (left.quantity if left else 0):
            raise Wrong(f"{half} returned {fact.returned}")
        self.parked.pop(half, None)
        self.cancelled[half] = fact
        self._change(_pair(fact), fact.returned)

    def _change(self, pair: Pair, delta: int) -> None:
        self.stock[pair] += delta

    def _nobody_waits_in_vain(self, pairs: set[Pair]) -> None:
        for pair in pairs:
            if self.stock[pair] < 0:
                raise Wrong(f"{pair} fell to {self.stock[pair]}")
        for half, fact in self.parked.items():
            if _pair(fact) in pairs and fact.quantity <= self.stock[_pair(fact)]:
                raise Wrong(f"{half} waits although its stock covers it")

    def in_transit(self) -> Counter[tuple[UUID, UUID]]:
        """What left and has not come, by source warehouse and product, in pieces."""
        under_way = Counter[tuple[UUID, UUID]]()
        for (movement, event), fact in self.applied.items():
            came_or_back = (movement, "arrival") in self.applied or (movement, event) in self.cancelled
            if event == "departure" and not came_or_back:
                under_way[_pair(fact)] += fact.quantity
        return under_way


def _pair(fact: MovementApplied | MovementCancelled | DepartureParked | StockAdjusted) -> Pair:
    return fact.warehouse_id, fact.product_id
