"""Fixtures of the module tests of operations."""

import pytest

from tests.support.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """Use cases over an empty memory store."""
    return Desk()
