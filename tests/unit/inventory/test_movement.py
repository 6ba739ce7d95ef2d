"""What may be said of one half against another."""

from datetime import timedelta, timezone

import pytest
from msgspec.structs import replace

from core.inventory.domain.movement import (
    DUPLICATE,
    MovementEvent,
    Outcome,
    Reason,
    Verdict,
    judge_pair,
    judge_repeat,
    refused,
    rejected,
    same_content,
)
from tests.support.events import World

W = World()
KEPT = W.departure(1, source=1, envelope=1)
OTHERS = [
    W.departure(2),
    W.arrival(1, warehouse=1, minute=0),
    W.departure(1, warehouse=3),
    W.departure(1, product=2),
    W.departure(1, 11),
    W.departure(1, minute=1),
]


def test_the_sign_of_a_half() -> None:
    assert (W.departure(1, 7).delta, W.arrival(1, 7).delta) == (-7, 7)


def test_verdicts() -> None:
    assert refused(3) == Verdict(Outcome.REFUSED, Reason.INSUFFICIENT_STOCK, 3)
    assert rejected(Reason.SAME_WAREHOUSE) == Verdict(Outcome.REJECTED, Reason.SAME_WAREHOUSE)


@pytest.mark.parametrize("other", OTHERS)
def test_content_is_every_field_of_the_data(other: MovementEvent) -> None:
    assert not same_content(KEPT, other)


def test_content_is_not_the_envelope_nor_the_zone() -> None:
    moved = replace(KEPT, occurred_at=KEPT.occurred_at.astimezone(timezone(timedelta(hours=3))))
    assert same_content(KEPT, W.departure(1, source=2, envelope=2))
    assert same_content(KEPT, moved)


def test_a_new_event() -> None:
    assert judge_repeat(KEPT, None, None) is None


@pytest.mark.parametrize("by_half,by_envelope", [(KEPT, None), (None, KEPT), (KEPT, KEPT)])
def test_a_duplicate(by_half: MovementEvent | None, by_envelope: MovementEvent | None) -> None:
    assert judge_repeat(KEPT, by_half, by_envelope) == DUPLICATE


@pytest.mark.parametrize("other", OTHERS[2:])
def test_conflicts(other: MovementEvent) -> None:
    assert judge_repeat(other, KEPT, None) == rejected(Reason.CONFLICTING_MESSAGE)
    assert judge_repeat(other, None, KEPT) == rejected(Reason.CONFLICTING_ENVELOPE)
    assert judge_repeat(other, other, KEPT) == rejected(Reason.CONFLICTING_ENVELOPE)
    assert judge_repeat(other, KEPT, KEPT) == rejected(Reason.CONFLICTING_MESSAGE)


def test_pairs() -> None:
    arrival = W.arrival(1)
    assert judge_pair(arrival, KEPT.warehouse_id, KEPT.product_id) is None
    assert judge_pair(arrival, KEPT.warehouse_id, W.product(2)) == rejected(Reason.PRODUCT_MISMATCH)
    assert judge_pair(arrival, W.warehouse(2), KEPT.product_id) == rejected(Reason.SAME_WAREHOUSE)
