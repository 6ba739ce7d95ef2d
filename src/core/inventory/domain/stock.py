"""How changes act on the stock of one product in one warehouse: never below zero, nothing lost."""

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Shortage(StrEnum):
    """What to do with a departure that the stock does not cover."""

    PARK = "park"
    REFUSE = "refuse"


class Waiting(msgspec.Struct, frozen=True, order=True, gc=False):
    """A parked departure; they are tried in the order of event time, then movement id.

    ``amount`` is in pieces; ``seq`` is where the store keeps the event.
    """

    occurred_at: datetime
    movement_id: UUID
    amount: int
    seq: int


class Change(msgspec.Struct, frozen=True, gc=False):
    """One event's effect on the stock, in pieces; the last three fields serve it if it must wait."""

    delta: int
    occurred_at: datetime
    movement_id: UUID
    seq: int


@dataclass(slots=True)
class Folded:
    """What came of changes, taken one by one.

    ``balances`` holds, per change, the stock right after it, or None where it was not applied; ``missing`` the pieces
    it lacked then. ``released`` pairs each parked departure that fitted with the stock right after it, and the index
    of the change whose goods let it go.
    """

    quantity: int
    balances: list[int | None] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    parked: list[Waiting] = field(default_factory=list)
    released: list[tuple[Waiting, int, int]] = field(default_factory=list)


def fold(quantity: int, waiting: Iterable[Waiting], changes: Sequence[Change], shortage: Shortage) -> Folded:
    """Apply changes one after another; every credit first serves those that wait.

    :param quantity: the stock before, in pieces.
    :param waiting: departures that are parked for this stock.
    :param shortage: whether a departure that is not covered waits or is refused.
    :returns: the new stock, never negative, and what became of each change and each waiting departure.
    """
    known = list(waiting)
    queue = sorted(known)
    result = Folded(quantity)
    for index, change in enumerate(changes):
        after = result.quantity + change.delta
        result.missing.append(max(0, -after))
        if after >= 0:
            result.quantity = after
            result.balances.append(after)
            if change.delta > 0:
                queue = _release(queue, result, index)
        else:
            result.balances.append(None)
            if shortage is Shortage.PARK:
                insort(queue, Waiting(change.occurred_at, change.movement_id, -change.delta, change.seq))
    before = {item.seq for item in known}
    result.parked = [item for item in queue if item.seq not in before]
    return result


def _release(queue: list[Waiting], result: Folded, index: int) -> list[Waiting]:
    left = []
    for item in queue:
        if item.amount <= result.quantity:
            result.quantity -= item.amount
            result.released.append((item, result.quantity, index))
        else:
            left.append(item)
    return left
