"""How changes act on one stock."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.inventory.domain.stock import Change, Folded, Shortage, Waiting, fold
from tests.support.events import T0

QUANTITIES = st.integers(1, 20)


def waiting(seq: int, amount: int, minute: int = 0, movement: int | None = None) -> Waiting:
    return Waiting(T0 + timedelta(minutes=minute), UUID(int=seq if movement is None else movement), amount, seq)


def change(seq: int, delta: int, minute: int = 0) -> Change:
    return Change(delta, T0 + timedelta(minutes=minute), UUID(int=seq), seq)


def test_nothing_changes_nothing() -> None:
    assert fold(5, [waiting(1, 9)], [], Shortage.PARK) == Folded(5)


def test_balances_follow_each_change() -> None:
    folded = fold(5, [], [change(1, 10), change(2, -12), change(3, -3)], Shortage.REFUSE)
    assert (folded.quantity, folded.balances, folded.missing) == (0, [15, 3, 0], [0, 0, 0])


def test_what_is_not_covered_waits_or_is_refused() -> None:
    for shortage, parked in ((Shortage.PARK, [waiting(1, 8)]), (Shortage.REFUSE, [])):
        folded = fold(5, [], [change(1, -8), change(2, -5)], shortage)
        assert (folded.quantity, folded.balances, folded.missing) == (0, [None, 0], [3, 0])
        assert folded.parked == parked


def test_a_credit_serves_in_order_and_skips_what_is_too_large() -> None:
    first, large, small = waiting(7, 4, 1), waiting(1, 9, 2), waiting(2, 5, 3)
    folded = fold(0, [small, large, first], [change(8, 9), change(9, 9)], Shortage.PARK)
    assert folded.released == [(first, 5, 0), (small, 0, 0), (large, 0, 1)]
    assert (folded.quantity, folded.balances) == (0, [9, 9])


def test_ties_go_by_movement() -> None:
    one, two = waiting(1, 5, movement=9), waiting(2, 5, movement=3)
    assert fold(0, [one, two], [change(5, 5)], Shortage.PARK).released == [(two, 0, 0)]


def test_what_waited_and_went_within_the_batch_is_not_parked() -> None:
    folded = fold(0, [], [change(1, -5, 3), change(2, -5, 1), change(3, 5)], Shortage.PARK)
    assert folded.parked == [waiting(1, 5, 3)]
    assert folded.released == [(waiting(2, 5, 1), 0, 2)]


def test_a_debit_serves_nobody() -> None:
    folded = fold(10, [waiting(1, 3)], [change(2, -2)], Shortage.PARK)
    assert (folded.quantity, folded.released) == (8, [])


@given(
    st.integers(0, 30),
    st.lists(st.tuples(QUANTITIES, st.integers(0, 3)), max_size=5),
    st.lists(st.tuples(st.integers(-20, 20).filter(bool), st.integers(0, 3)), max_size=12),
    st.sampled_from(list(Shortage)),
)
def test_never_negative_and_nothing_lost(
    quantity: int, queued: list[tuple[int, int]], deltas: list[tuple[int, int]], shortage: Shortage
) -> None:
    known = [waiting(n, amount, minute) for n, (amount, minute) in enumerate(queued)]
    changes = [change(100 + n, delta, minute) for n, (delta, minute) in enumerate(deltas)]
    folded = fold(quantity, known, changes, shortage)
    assert folded.quantity >= 0
    assert all(balance is None or balance >= 0 for balance in folded.balances)
    assert [balance is None for balance in folded.balances] == [missing > 0 for missing in folded.missing]
    applied = sum(c.delta for c, balance in zip(changes, folded.balances, strict=True) if balance is not None)
    assert folded.quantity == quantity + applied - sum(item.amount for item, _, _ in folded.released)
    let_go = {item.seq for item, _, _ in folded.released}
    held = {item.seq for item in folded.parked}
    waited = {c.seq for c, balance in zip(changes, folded.balances, strict=True) if balance is None}
    assert not let_go & held
    assert (let_go | held) - {item.seq for item in known} == (waited if shortage is Shortage.PARK else set())


@given(
    st.lists(st.tuples(QUANTITIES, st.integers(0, 3)), max_size=5),
    st.lists(st.integers(-20, 20).filter(bool), min_size=1, max_size=10),
)
def test_all_at_once_is_one_by_one(queued: list[tuple[int, int]], deltas: list[int]) -> None:
    queue = [waiting(n, amount, minute) for n, (amount, minute) in enumerate(queued)]
    changes = [change(100 + n, delta) for n, delta in enumerate(deltas)]
    together = fold(0, queue, changes, Shortage.PARK)
    quantity, balances, released = 0, list[int | None](), list[tuple[Waiting, int, int]]()
    for index, each in enumerate(changes):
        step = fold(quantity, queue, [each], Shortage.PARK)
        gone = {item.seq for item, _, _ in step.released}
        queue = [item for item in [*queue, *step.parked] if item.seq not in gone]
        quantity = step.quantity
        balances += step.balances
        released += [(item, balance, index) for item, balance, _ in step.released]
    assert (together.quantity, together.balances, together.released) == (quantity, balances, released)
