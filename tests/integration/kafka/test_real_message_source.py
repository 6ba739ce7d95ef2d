"""The contract of message sources on a real Apache Kafka."""

from collections.abc import AsyncIterator

import pytest

from contracts.ports.message_source import MessageSourceContract
from tests.support.kafka_log import KafkaLog
from tests.support.real_kafka import RealKafka


@pytest.mark.broker
class TestKafkaOnARealBroker(MessageSourceContract):
    @pytest.fixture
    async def log(self, real_kafka: RealKafka) -> AsyncIterator[KafkaLog]:
        log = KafkaLog(real_kafka.bootstrap, 4)
        await real_kafka.create_topic(log.topic, 4)
        yield log
        await log.close()
