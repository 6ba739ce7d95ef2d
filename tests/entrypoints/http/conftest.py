"""Clients of the application."""

from collections.abc import AsyncIterator

import pytest

from tests.support.http import KEY, Client, memory_settings, serving


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client of an open application."""
    async with serving(memory_settings()) as client:
        yield client


@pytest.fixture(scope="module")
async def shared() -> AsyncIterator[Client]:
    """A client of an open application that the tests of a file share."""
    async with serving(memory_settings()) as client:
        yield client


@pytest.fixture(scope="module")
async def locked() -> AsyncIterator[Client]:
    """A client without the key of an application that has one."""
    async with serving(memory_settings(KEY)) as client:
        yield client
