"""The health check of Kafka keeps the promises of its port."""

from collections.abc import AsyncIterator

import pytest

from adapters.embedded.kafka import MockBroker
from adapters.kafka.health import KafkaHealth
from contracts.ports.health_check import HealthCheckSuite
from core.kernel.health import HealthCheck
from tests.support.kafka_log import KafkaLog


class TestKafkaHealth(HealthCheckSuite):
    """A member of a group that has its share, and one that never joined."""

    @pytest.fixture
    async def log(self, mock_kafka: MockBroker) -> AsyncIterator[KafkaLog]:
        log = KafkaLog(mock_kafka.bootstrap, 1)
        mock_kafka.create_topic(log.topic, 1)
        yield log
        await log.close()

    @pytest.fixture
    async def healthy(self, log: KafkaLog) -> HealthCheck:
        source = await log.join()
        while not source.joined:
            await source.next_batch()
        return KafkaHealth(source)

    @pytest.fixture
    async def broken(self, log: KafkaLog) -> HealthCheck:
        return KafkaHealth(await log.join())
