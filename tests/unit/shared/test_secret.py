"""Secrets are masked wherever they are shown."""

import pytest

from core.kernel.secret import Secret


@pytest.mark.parametrize(
    "text,shown",
    [
        ("key", "***"),
        ("postgresql://u:p@h:1/d", "postgresql://u:***@h:1/d"),
        ("postgresql://u:p:q@h/d?password=x&a=1", "postgresql://u:***@h/d?password=***&a=1"),
        ("postgresql://u@/d?host=/tmp/x", "postgresql://u@/d?host=/tmp/x"),
    ],
)
def test_it_is_masked(text: str, shown: str) -> None:
    secret = Secret(text)
    assert f"{secret}" == str(secret) == shown
    assert repr(secret) == f"Secret({shown!r})"
    assert secret.reveal() == text


def test_equal_ones_are_equal() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
