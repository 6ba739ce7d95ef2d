"""How names are compared, and which are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity.domain.account import HandleKind
from core.identity.domain.names import folded, kind_of, login_faults, username_key


@given(st.text())
def test_what_is_folded_stays_so(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_letters_of_both_sizes_are_one(text: str) -> None:
    assert folded(text.swapcase().casefold()) == folded(text.casefold().swapcase().casefold())


@pytest.mark.parametrize(
    "one,other",
    [("Straße", "STRASSE"), ("ＡＮＮ", "ann"), ("ﬁ", "FI"), ("é", "e\u0301"), ("Å", "Å"), ("Анна", "анна")],
)
def test_what_means_the_same_is_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    "text,key", [("Ann", "ann"), ("ann.lee_2", "ann.lee_2"), ("ＡＮＮ", "ann"), ("a-b-c", "a-b-c"), ("4ever", "4ever")]
)
def test_usernames(text: str, key: str) -> None:
    assert username_key(text) == key


@pytest.mark.parametrize(
    "text",
    [
        *("", "an", ".ann", "ann.", "an..nn", "ann lee", "ann@x", "12345", "a" * 34),
        *("\u0430nn", "ann\u0301", "αnn", "ann\0", "ann\n"),
    ],
)
def test_no_usernames(text: str) -> None:
    assert username_key(text) is None
    assert [fault["code"] for fault in login_faults(text)] == ["bad_email" if "@" in text else "bad_username"]


@pytest.mark.parametrize(
    "text", ["admin", "ADMIN", "adm1n", "ad.min", "admln", "r00t", "S0ty", "null", "no_reply", "w.w.w"]
)
def test_names_of_the_system(text: str) -> None:
    assert username_key(text) is None
    assert [fault["code"] for fault in login_faults(text)] == ["reserved_username"]


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    key = username_key(text)
    if key is not None:
        assert username_key(key) == key
        assert key.isascii()


@pytest.mark.parametrize(
    "login,kind",
    [
        ("ann@example.com", HandleKind.EMAIL),
        ("@", HandleKind.EMAIL),
        ("+49 (30) 90-18.20", HandleKind.PHONE),
        ("ann", HandleKind.USERNAME),
        ("4930901820", HandleKind.USERNAME),
        ("", HandleKind.USERNAME),
    ],
)
def test_what_somebody_typed(login: str, kind: HandleKind) -> None:
    assert kind_of(login) is kind
