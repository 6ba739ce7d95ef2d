"""Log lines."""

import logging
import sys

import pytest

from entrypoints.shared.logging import formatter_of


def _logged(form: str) -> str:
    """A line with a traceback through a frame that knows a secret."""
    known = "postgresql://soty:" + "hunter2" + "@host/soty"
    try:
        known.index("absent")
    except ValueError:
        record = logging.LogRecord("x", logging.WARNING, "x.py", 1, "it failed", None, sys.exc_info())
    return formatter_of(form).format(record)


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_shows_where_it_failed_and_no_values(form: str) -> None:
    line = _logged(form)
    assert "ValueError" in line
    assert "known.index" in line
    assert "hunter2" not in line
