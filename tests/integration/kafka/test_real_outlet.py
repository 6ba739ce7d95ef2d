"""Kafka as a subscriber on a real Apache Kafka."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from contracts.ports.subscriber import SubscriberSuite, delivery
from core.kernel.errors import Unavailable
from tests.contract.kafka.test_outlet import PARTITIONS, OutletSubject
from tests.support.real_kafka import RealKafka


@pytest.mark.broker
class TestOutletOnARealBroker(SubscriberSuite):
    """The promises, and a broker that is stopped and started."""

    @pytest.fixture
    async def subject(self, real_kafka: RealKafka) -> AsyncIterator[OutletSubject]:
        topic = f"t{uuid4().hex}"
        await real_kafka.create_topic(topic, PARTITIONS)
        subject = OutletSubject(real_kafka.bootstrap, topic)
        yield subject
        await subject.outlet.close()

    async def test_a_broker_that_is_restarted_midway_loses_nothing(
        self, subject: OutletSubject, real_kafka: RealKafka
    ) -> None:
        first = [delivery(seq, key="ab"[seq % 2]) for seq in range(1, 11)]
        second = [delivery(seq, key="ab"[seq % 2]) for seq in range(11, 21)]
        assert len((await subject.outlet.take(first)).done) == 10
        real_kafka.stop()
        try:
            with pytest.raises(Unavailable):
                await subject.outlet.take(second)
        finally:
            real_kafka.start()
        assert len((await subject.outlet.take(second)).done) == 10
        seen = list(dict.fromkeys(await subject.effects()))
        assert sorted(seen) == list(range(1, 21))
        assert [[seq for seq in seen if seq % 2 == key] for key in (0, 1)] == [[*range(2, 21, 2)], [*range(1, 21, 2)]]
