"""A consumer that starts again under its name takes up its partitions, and the rest of the group does not notice."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import msgspec
import pytest

from adapters.kafka.source import KafkaMessageSource
from core.kernel.messages import Record
from tests.support.eventually import eventually
from tests.support.kafka_log import SESSION_MS, KafkaLog
from tests.support.real_kafka import RealKafka

PARTITIONS = 4
MESSAGES = 40

pytestmark = pytest.mark.broker


class Members:
    """Named members of one group."""

    def __init__(self, log: KafkaLog, stack: AsyncExitStack) -> None:
        self._log, self._stack = log, stack

    def start(self, name: str) -> KafkaMessageSource:
        """One more; when it is closed the group does not hear of it, as when it is killed."""
        settings = msgspec.structs.replace(self._log.settings, instance=name)
        member = KafkaMessageSource(settings, session_ms=SESSION_MS)
        self._stack.push_async_callback(member.close)
        return member

    async def publish(self) -> None:
        """Messages for every partition."""
        for number in range(MESSAGES):
            await self._log.publisher.publish(self._log.topic, str(number).encode(), b"{}")


async def batch_of(member: KafkaMessageSource) -> Sequence[Record]:
    """The next batch that is not empty."""
    while not (batch := await member.next_batch()):
        pass
    return batch


def partitions_of(batch: Sequence[Record]) -> set[int]:
    """Where messages lie."""
    return {record.partition for record in batch}


@pytest.fixture
async def members(real_kafka: RealKafka) -> AsyncIterator[Members]:
    async with AsyncExitStack() as stack:
        log = KafkaLog(real_kafka.bootstrap, PARTITIONS)
        stack.push_async_callback(log.close)
        await real_kafka.create_topic(log.topic, PARTITIONS)
        yield Members(log, stack)


async def test_a_member_that_comes_back_disturbs_nobody(members: Members) -> None:
    first, second = members.start("first"), members.start("second")

    async def shared() -> bool:
        await members.publish()
        shares = []
        for member in (first, second):
            batch = await member.next_batch()
            shares.append(partitions_of(batch))
            await member.done(batch)
        return all(shares) and shares[0].isdisjoint(shares[1])

    await eventually(shared)
    await members.publish()
    in_hand = await batch_of(second)
    await first.close()

    again = members.start("first")
    taken = await batch_of(again)
    assert partitions_of(taken).isdisjoint(partitions_of(in_hand))
    assert second.holds(in_hand)
