"""Kafka as a subscriber keeps the promises to the relay."""

from collections.abc import AsyncIterator
from uuid import uuid4

import msgspec
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from adapters.embedded.kafka import MockBroker
from adapters.kafka.outlet import KafkaOutlet, cloud_event
from contracts.ports.subscriber import SubscriberSubject, SubscriberSuite, delivery
from core.kernel.outbox import Delivery

PARTITIONS = 3
HUGE = 2_000_000


class OutletSubject(SubscriberSubject):
    """A topic of a test's own; away is an address where nobody listens."""

    def __init__(self, broker: MockBroker) -> None:
        self.topic = f"t{uuid4().hex}"
        self.bootstrap = broker.bootstrap
        broker.create_topic(self.topic, PARTITIONS)
        self.outlet = KafkaOutlet(self.bootstrap, self.topic)
        super().__init__(self.outlet)

    async def events(self) -> list[dict[str, object]]:
        """What lies in the topic, partition after partition."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap)
        await consumer.start()
        try:
            partitions = [TopicPartition(self.topic, number) for number in range(PARTITIONS)]
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            ends = await consumer.end_offsets(partitions)
            records = []
            while any([await consumer.position(each) < end for each, end in ends.items()]):
                found = await consumer.getmany(timeout_ms=1000)
                records += [record for several in found.values() for record in several]
        finally:
            await consumer.stop()
        return [msgspec.json.decode(record.value) for record in sorted(records, key=lambda r: (r.partition, r.offset))]

    async def effects(self) -> list[int]:
        return [int(str(event["id"]).rpartition("-")[2], 16) for event in await self.events()]

    async def away(self) -> None:
        await self.outlet.close()
        self.subscriber = KafkaOutlet("127.0.0.1:1", self.topic)

    async def back(self) -> None:
        self.subscriber = self.outlet

    async def refuse(self, seq: int) -> Delivery:
        return delivery(seq, "a", b'"' + b"x" * HUGE + b'"')


class TestOutlet(SubscriberSuite):
    """A topic of the mock broker."""

    @pytest.fixture
    async def subject(self, mock_kafka: MockBroker) -> AsyncIterator[SubscriberSubject]:
        subject = OutletSubject(mock_kafka)
        yield subject
        await subject.outlet.close()

    async def test_done_is_what_was_appended(self, subject: SubscriberSubject) -> None:
        batch = [delivery(seq, key="abc"[seq % 3]) for seq in range(1, 10)]
        taken = await subject.subscriber.take(batch)
        assert sorted(each.seq for each in taken.done) == await _sorted(subject)

    async def test_errors_of_the_broker_are_survived(self, subject: SubscriberSubject, mock_kafka: MockBroker) -> None:
        mock_kafka.push_errors(0, [19, 7, 6])
        batch = [delivery(seq, key="ab"[seq % 2]) for seq in range(1, 7)]
        taken = await subject.subscriber.take(batch)
        assert sorted(each.seq for each in taken.done) == [1, 2, 3, 4, 5, 6]
        assert sorted(set(await subject.effects())) == [1, 2, 3, 4, 5, 6]


def test_a_fact_as_cloud_event() -> None:
    event = msgspec.json.decode(cloud_event(delivery(5, "k", b'{"quantity":1}')))
    assert event == {
        "specversion": "1.0",
        "id": str(delivery(5, "k").id),
        "source": "soty",
        "type": "tests.happened",
        "time": "2026-01-01T00:00:00Z",
        "datacontenttype": "application/json",
        "dataschema": "urn:soty:tests.happened.v1",
        "data": {"quantity": 1},
        "subject": "k",
    }
    assert "subject" not in msgspec.json.decode(cloud_event(delivery(5, "")))


async def _sorted(subject: SubscriberSubject) -> list[int]:
    return sorted(await subject.effects())
