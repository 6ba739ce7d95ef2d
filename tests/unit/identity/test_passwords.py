"""Which passwords are taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity.domain.account import Newcomer
from core.identity.domain.passwords import LEAST, LEAST_WITH_FACTOR, MOST, composed, context_of, faults_of

PRINTABLE = st.characters(exclude_categories=("C", "Z"))


def fault_of(password: str, context: list[str], least: int = LEAST) -> str | None:
    """The code of the first fault, or None."""
    return next((fault["code"] for fault in faults_of(password, context, least=least)), None)


@given(st.text(PRINTABLE, min_size=64, max_size=MOST).map(composed).filter(lambda text: 64 <= len(text) <= MOST))
def test_any_long_text_of_any_letters_is_taken(password: str) -> None:
    fault = fault_of(password, [])
    assert fault is None or (fault == "common_password" and len(set(password)) < 5)


@given(st.text(PRINTABLE, min_size=1, max_size=MOST))
def test_composing_cuts_nothing_off_and_is_done_once(password: str) -> None:
    assert composed(composed(password)) == composed(password)
    assert composed(password + "x") != composed(password)


@pytest.mark.parametrize("length,fault", [(14, "too_short"), (15, None), (128, None), (129, "too_long")])
def test_lengths(length: int, fault: str | None) -> None:
    assert fault_of(("abcdefgh" * 20)[:length], []) == fault


def test_less_is_enough_with_a_second_factor() -> None:
    assert fault_of("abcdefgh", [], least=LEAST_WITH_FACTOR) is None
    assert fault_of("abcdefg", [], least=LEAST_WITH_FACTOR) == "too_short"


@pytest.mark.parametrize("password", ["abcdefghijklmnopq", "12345067890123 45", "пароль из одних букв"])
def test_no_kind_of_letter_is_asked_for(password: str) -> None:
    assert fault_of(password, []) is None


def test_what_others_know_counts_for_nothing() -> None:
    context = context_of(Newcomer(email="Walter.White@example.com", username="heisenberg"))
    assert fault_of("WALTER.WHITE@example.com1", context) == "password_of_context"
    assert fault_of("heisenbergheisenberg", context) == "password_of_context"
    assert fault_of("heisenberg soty soty", context) == "password_of_context"
    assert fault_of("heisenberg likes his tea", context) is None
