"""The halves of a movement and what may be said of one against another."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from core.inventory.api import Outcome as Outcome  # noqa: PLC0414 - re-exported for the domain
from core.inventory.api import Reason as Reason  # noqa: PLC0414
from core.inventory.api import Verdict as Verdict  # noqa: PLC0414


class Half(StrEnum):
    """Which end of a movement a warehouse reports."""

    DEPARTURE = "departure"
    ARRIVAL = "arrival"


class MovementEvent(msgspec.Struct, frozen=True, gc=False):
    """One half of a movement as a warehouse reported it.

    ``quantity`` is in pieces, 1 to 10⁹; ``occurred_at`` is in UTC; ``source`` is the number of ``WH-0000``.
    """

    movement_id: UUID
    half: Half
    warehouse_id: UUID
    product_id: UUID
    quantity: int
    occurred_at: datetime
    source: int | None = None
    envelope_id: UUID | None = None

    @property
    def delta(self) -> int:
        """What the event does to the stock of its warehouse, in pieces."""
        return self.quantity if self.half is Half.ARRIVAL else -self.quantity


APPLIED = Verdict(Outcome.APPLIED)
PARKED = Verdict(Outcome.PARKED)
DUPLICATE = Verdict(Outcome.DUPLICATE)


def refused(deficiency: int) -> Verdict:
    """The verdict on a departure that would take the stock below zero.

    :param deficiency: pieces that are missing.
    """
    return Verdict(Outcome.REFUSED, Reason.INSUFFICIENT_STOCK, deficiency)


def rejected(reason: Reason) -> Verdict:
    """The verdict on an event that contradicts what is known."""
    return Verdict(Outcome.REJECTED, reason)


def same_content(one: MovementEvent, other: MovementEvent) -> bool:
    """Whether two events say the same of the same half; the envelope does not count.

    Values are compared, not bytes: ``+00:00`` equals ``Z``. It is the payload hash of the rules without a hash.
    """
    return (
        one.movement_id == other.movement_id
        and one.half is other.half
        and one.warehouse_id == other.warehouse_id
        and one.product_id == other.product_id
        and one.quantity == other.quantity
        and one.occurred_at == other.occurred_at
    )


def judge_repeat(
    event: MovementEvent, by_half: MovementEvent | None, by_envelope: MovementEvent | None
) -> Verdict | None:
    """Judge an event against what is kept under its two keys.

    :param by_half: the kept event with the same movement and half.
    :param by_envelope: the kept event with the same source and envelope id.
    :returns: a duplicate, a conflict, or None for an event that is new. The first one kept wins.
    """
    if by_half is not None and not same_content(event, by_half):
        return rejected(Reason.CONFLICTING_MESSAGE)
    if by_envelope is not None and not same_content(event, by_envelope):
        return rejected(Reason.CONFLICTING_ENVELOPE)
    return None if by_half is None and by_envelope is None else DUPLICATE


def judge_pair(
    event: MovementEvent, other_warehouse: UUID, other_product: UUID, *, cancelled: bool = False
) -> Verdict | None:
    """Judge a second half against the first one.

    :param cancelled: whether the first one was taken back.
    :returns: a rejection, or None when the two make a movement.
    """
    if cancelled:
        return rejected(Reason.MOVEMENT_CANCELLED)
    if event.product_id != other_product:
        return rejected(Reason.PRODUCT_MISMATCH)
    if event.warehouse_id == other_warehouse:
        return rejected(Reason.SAME_WAREHOUSE)
    return None
