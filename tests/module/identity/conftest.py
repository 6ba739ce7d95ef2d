"""Fixtures of identity's module tests."""

from collections.abc import AsyncIterator

import pytest

from tests.support.crowd import Crowd, open_crowd


@pytest.fixture
async def crowd() -> AsyncIterator[Crowd]:
    """Use cases over an empty memory store."""
    async with open_crowd() as crowd:
        yield crowd
