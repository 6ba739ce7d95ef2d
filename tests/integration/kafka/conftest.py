"""A scene of the consumer for each store."""

from collections.abc import AsyncIterator, Callable

import pytest

from adapters.embedded.kafka import MockBroker
from tests.support.consumer_process import Scene, scene_on
from tests.support.real_kafka import real_kafka

__all__ = ["real_kafka"]


@pytest.fixture(params=["memory", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str | None:
    """A migrated, empty database, or None for the memory adapter."""
    if request.param == "memory":
        return None
    new_database: Callable[[], str] = request.getfixturevalue("new_database")
    return new_database()


@pytest.fixture
async def scene(store_url: str | None, mock_kafka: MockBroker) -> AsyncIterator[Scene]:
    """A topic and a store of the test's own; the consumer is not started."""
    async with scene_on(mock_kafka, store_url) as scene:
        yield scene
