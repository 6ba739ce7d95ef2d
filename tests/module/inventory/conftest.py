"""Fixtures of inventory's module tests."""

from collections.abc import AsyncIterator

import pytest

from tests.support.house import House, open_house


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """Use cases over an empty memory store."""
    async with open_house() as house:
        yield house
