"""A scene of the consumer for each store."""

from collections.abc import AsyncIterator, Callable

import pytest

from adapters.embedded.kafka import MockBroker
from tests.support.consumer_process import Scene, scene_on


@pytest.fixture(params=["memory", "postgres"])
async def scene(request: pytest.FixtureRequest, mock_kafka: MockBroker) -> AsyncIterator[Scene]:
    """A topic and a store of the test's own; the consumer is not started."""
    url = None
    if request.param == "postgres":
        new_database: Callable[[], str] = request.getfixturevalue("new_database")
        url = new_database()
    async with scene_on(mock_kafka, url) as scene:
        yield scene
