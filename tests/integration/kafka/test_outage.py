"""A PostgreSQL that goes away and comes back under a running consumer."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.embedded.kafka import MockBroker
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.postgres.migrate import upgrade
from tests.support.consumer_process import scene_on
from tests.support.events import World, message_of
from tests.support.eventually import eventually
from tests.support.kafka_log import KafkaLog


@pytest.fixture
def own_postgres() -> Iterator[EmbeddedPostgres]:
    """A server that the test may stop."""
    folder = Path(tempfile.mkdtemp(prefix="soty-outage-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "postgres", durable=False)
    try:
        server.start()
        upgrade(server.url_of("postgres"))
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def test_nothing_is_lost_while_postgres_is_away(own_postgres: EmbeddedPostgres, mock_kafka: MockBroker) -> None:
    log, world = KafkaLog(mock_kafka.bootstrap, 2, session_ms=2000), World()
    mock_kafka.create_topic(log.topic, 2)
    async with scene_on(log, own_postgres.url_of("postgres")) as scene:
        await scene.start()
        await scene.publish(message_of(world.arrival(1, 10)))
        await scene.until_done()
        own_postgres.stop()
        await scene.publish(message_of(world.arrival(2, 10)))
        await eventually(lambda: scene.faults.opened >= 3)
        assert not await scene.is_ready()
        assert (await scene.get("/health/live")).status_code == 200
        assert await log.unfinished() == 1
        own_postgres.start()
        await scene.until_done()
        await scene.until_stock(world.warehouse(2), world.product(), 20)
        await eventually(scene.is_ready)
