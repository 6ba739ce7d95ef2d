"""When a stock is low."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.inventory.domain.levels import is_low, rearms_at


@pytest.mark.parametrize("threshold, at", [(0, 1), (1, 2), (10, 11), (11, 13), (20, 22), (100, 110), (101, 112)])
def test_it_recovers_a_tenth_above_and_one_piece_at_least(threshold: int, at: int) -> None:
    assert rearms_at(threshold) == at


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.booleans())
def test_it_hangs_on_the_past_only_in_between(quantity: int, threshold: int, was_low: bool) -> None:
    between = threshold < quantity < rearms_at(threshold)
    assert is_low(quantity, threshold, was_low) is (was_low if between else quantity <= threshold)


@given(st.integers(0, 10**12), st.booleans())
def test_what_nobody_watches_is_not_low(quantity: int, was_low: bool) -> None:
    assert not is_low(quantity, None, was_low)
