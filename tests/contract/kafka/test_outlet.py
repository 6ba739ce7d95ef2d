"""Kafka as a subscriber keeps the promises to the relay."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from adapters.embedded.kafka import MockBroker
from adapters.kafka.outlet import KafkaOutlet, cloud_event
from contracts.ports.lanes import fact
from contracts.ports.subscriber import SubscriberSubject, SubscriberSuite, delivery
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery
from core.kernel.relay import Relay
from tests.support.desk import OPERATOR, Desk

PARTITIONS = 3
HUGE = 2_000_000
SEND_SECONDS = 3.0


class OutletSubject(SubscriberSubject):
    """A topic of a test's own; away is an address where nobody listens."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        """:param topic: it is there, with three partitions."""
        self.topic = topic
        self.bootstrap = bootstrap
        self.outlet = KafkaOutlet(self.bootstrap, self.topic, send_seconds=SEND_SECONDS)
        super().__init__(self.outlet)

    async def events(self) -> list[dict[str, Any]]:
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


def subject_on(broker: MockBroker) -> OutletSubject:
    topic = f"t{uuid4().hex}"
    broker.create_topic(topic, PARTITIONS)
    return OutletSubject(broker.bootstrap, topic)


class TestOutlet(SubscriberSuite):
    """A topic of the mock broker."""

    @pytest.fixture
    async def subject(self, mock_kafka: MockBroker) -> AsyncIterator[OutletSubject]:
        subject = subject_on(mock_kafka)
        yield subject
        await subject.outlet.close()

    async def test_done_is_what_was_appended(self, subject: OutletSubject) -> None:
        batch = [delivery(seq, key="abc"[seq % 3]) for seq in range(1, 10)]
        taken = await subject.subscriber.take(batch)
        assert sorted(each.seq for each in taken.done) == await _sorted(subject)

    async def test_errors_of_the_broker_are_survived(self, subject: OutletSubject, mock_kafka: MockBroker) -> None:
        mock_kafka.push_errors(0, [19, 7, 6])
        batch = [delivery(seq, key="ab"[seq % 2]) for seq in range(1, 7)]
        taken = await subject.subscriber.take(batch)
        assert sorted(each.seq for each in taken.done) == [1, 2, 3, 4, 5, 6]
        assert sorted(set(await subject.effects())) == [1, 2, 3, 4, 5, 6]

    async def test_a_fact_too_large_is_a_failed_attempt_and_the_others_go(self, subject: OutletSubject) -> None:
        desk = Desk()
        async with desk.open_work() as work:
            work.publish(
                msgspec.structs.replace(fact(1, 1), reason="x" * HUGE), fact(1, 2), fact(2, 3), fact(2, 4), fact(3, 5)
            )
        relay = Relay("one", subject.outlet, desk.lanes, desk.clock)
        await relay.work()
        (failed,) = (await desk.list(OPERATOR, failed=True)).items
        assert (failed.state, failed.attempts) == ("pending", 1)
        assert failed.error is not None
        assert failed.error.startswith("MessageSizeTooLargeError: ")
        told = [event["data"]["delta"] for event in await subject.events()]
        assert sorted(told) == [3, 4, 5]
        assert told.index(3) < told.index(4)


async def test_a_broker_that_goes_down_midway_loses_nothing() -> None:
    with MockBroker() as broker:
        subject = subject_on(broker)
        first = [delivery(seq, key="ab"[seq % 2]) for seq in range(1, 11)]
        second = [delivery(seq, key="ab"[seq % 2]) for seq in range(11, 21)]
        assert len((await subject.outlet.take(first)).done) == 10
        broker.set_down(down=True)
        with pytest.raises(Unavailable):
            await subject.outlet.take(second)
        broker.set_down(down=False)
        assert not [task for task in asyncio.all_tasks() if "Sender" in repr(task.get_coro())]
        assert sorted(await subject.effects()) == list(range(1, 11))
        assert len((await subject.outlet.take(second)).done) == 10
        seen = list(dict.fromkeys(await subject.effects()))
        assert sorted(seen) == list(range(1, 21))
        assert [[seq for seq in seen if seq % 2 == key] for key in (0, 1)] == [[*range(2, 21, 2)], [*range(1, 21, 2)]]
        await subject.outlet.close()


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


async def _sorted(subject: OutletSubject) -> list[int]:
    return sorted(await subject.effects())
