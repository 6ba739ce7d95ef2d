"""Clients of the application."""

from collections.abc import AsyncIterator

import pytest

from entrypoints.shared.settings import Settings
from tests.support.http import Client, memory_settings, postgres_settings, serving


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client with the key."""
    async with serving(memory_settings()) as client:
        yield client


@pytest.fixture(scope="module")
async def shared() -> AsyncIterator[Client]:
    """A client with the key, that the tests of a file share."""
    async with serving(memory_settings()) as client:
        yield client


@pytest.fixture(params=["memory", "postgres"])
def empty_storage(request: pytest.FixtureRequest) -> Settings:
    """Settings over each storage, empty at first."""
    return _settings_over(request, "fresh_postgres_url")


@pytest.fixture(scope="module", params=["memory", "postgres"])
def shared_storage(request: pytest.FixtureRequest) -> Settings:
    """Settings over each storage, which the tests of a file share."""
    return _settings_over(request, "postgres_url")


def _settings_over(request: pytest.FixtureRequest, url: str) -> Settings:
    return postgres_settings(request.getfixturevalue(url)) if request.param == "postgres" else memory_settings()


@pytest.fixture
async def stored(empty_storage: Settings) -> AsyncIterator[Client]:
    """A client with the key, on each storage."""
    async with serving(empty_storage) as client:
        yield client


@pytest.fixture(scope="module")
async def shared_stored(shared_storage: Settings) -> AsyncIterator[Client]:
    """The same for the tests of a file together."""
    async with serving(shared_storage) as client:
        yield client


@pytest.fixture(scope="module")
async def locked() -> AsyncIterator[Client]:
    """A client without the key of an application that has one."""
    async with serving(memory_settings(), key=None) as client:
        yield client
