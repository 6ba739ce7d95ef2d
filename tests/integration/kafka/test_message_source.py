"""The contract of message sources on the mock broker."""

from collections.abc import AsyncIterator

import pytest

from adapters.embedded.kafka import MockBroker
from contracts.ports.message_source import MessageSourceContract
from tests.support.kafka_log import KafkaLog


class TestKafkaOnTheMockBroker(MessageSourceContract):
    @pytest.fixture
    async def log(self, mock_kafka: MockBroker) -> AsyncIterator[KafkaLog]:
        log = KafkaLog(mock_kafka.bootstrap, 4, session_ms=2000)
        mock_kafka.create_topic(log.topic, 4)
        yield log
        await log.close()
