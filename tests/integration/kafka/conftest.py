"""A scene of the consumer for each store."""

from collections.abc import AsyncIterator, Callable

import pytest

from adapters.embedded.kafka import MockBroker
from tests.support.consumer_process import Scene, scene_on
from tests.support.kafka_log import KafkaLog
from tests.support.real_kafka import RealKafka, real_kafka

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
    log = KafkaLog(mock_kafka.bootstrap, 2, session_ms=2000)
    mock_kafka.create_topic(log.topic, 2)
    async with scene_on(log, store_url) as scene:
        yield scene


@pytest.fixture
async def real_scene(real_kafka: RealKafka) -> AsyncIterator[Scene]:
    """The same on a real broker, over the memory adapter."""
    log = KafkaLog(real_kafka.bootstrap, 2)
    await real_kafka.create_topic(log.topic, 2)
    async with scene_on(log, None) as scene:
        yield scene
