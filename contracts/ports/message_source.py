"""What every source of messages and its publisher must do."""

import asyncio
import time
from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

import pytest

from core.kernel.messages import MessagePublisher, MessageSource, Record

PATIENCE = 30.0


class Log(Protocol):
    """A topic of several partitions that nobody else uses, and one group that reads it."""

    topic: str
    publisher: MessagePublisher

    @abstractmethod
    async def join(self) -> MessageSource:
        """A new member of the group, the only one: the one before has left."""


async def some(source: MessageSource) -> Sequence[Record]:
    """The next batch that is not empty."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if batch := await source.next_batch():
                return batch


async def take(source: MessageSource, wanted: int) -> list[Record]:
    """Take and finish batches until so many messages came."""
    taken: list[Record] = []
    while len(taken) < wanted:
        batch = await some(source)
        taken += batch
        await source.done(batch)
    return taken


def by_place(records: Sequence[Record]) -> list[Record]:
    """In the order of their places."""
    return sorted(records, key=lambda record: (record.partition, record.offset))


class MessageSourceContract:
    """Tests against the ports alone; adapters give the fixture ``log``."""

    @pytest.fixture
    def log(self) -> Log:
        raise NotImplementedError

    async def test_gives_each_message_with_its_bytes_and_its_place(self, log: Log) -> None:
        values = [b'{"a": 1}', None, b"", b"\xff\x00", "коробка".encode()]
        sent = [await log.publisher.publish(log.topic, None, value) for value in values]
        assert [record.value for record in sent] == values
        assert by_place(await take(await log.join(), len(values))) == by_place(sent)

    async def test_keeps_the_order_of_a_key(self, log: Log) -> None:
        sent = [await log.publisher.publish(log.topic, b"k", str(n).encode()) for n in range(20)]
        assert len({record.partition for record in sent}) == 1
        assert [record.offset for record in sent] == list(range(sent[0].offset, sent[0].offset + 20))
        assert await take(await log.join(), 20) == sent

    async def test_gives_again_what_was_not_done(self, log: Log) -> None:
        sent = [await log.publisher.publish(log.topic, b"k", str(n).encode()) for n in range(3)]
        batch = await some(await log.join())
        assert batch == sent[: len(batch)]
        assert await take(await log.join(), 3) == sent

    async def test_does_not_give_again_what_was_done(self, log: Log) -> None:
        await log.publisher.publish(log.topic, b"k", b"1")
        await take(await log.join(), 1)
        later = await log.publisher.publish(log.topic, b"k", b"2")
        assert await take(await log.join(), 1) == [later]

    async def test_a_batch_has_at_most_4000_messages(self, log: Log) -> None:
        await asyncio.gather(*(log.publisher.publish(log.topic, b"k", b"x" * 200) for _ in range(4500)))
        source = await log.join()
        sizes: list[int] = []
        while sum(sizes) < 4500:
            batch = await some(source)
            await source.done(batch)
            sizes.append(len(batch))
        assert max(sizes) <= 4000
        assert sum(sizes) == 4500

    async def test_gives_nothing_within_a_moment_when_there_is_nothing(self, log: Log) -> None:
        await log.publisher.publish(log.topic, None, b"1")
        source = await log.join()
        await take(source, 1)
        started = time.monotonic()
        assert not await source.next_batch()
        assert time.monotonic() - started < 3

    async def test_gives_what_comes_while_it_waits(self, log: Log) -> None:
        await log.publisher.publish(log.topic, None, b"1")
        source = await log.join()
        await take(source, 1)
        waiting = asyncio.create_task(some(source))
        await asyncio.sleep(0.05)
        started = time.monotonic()
        await log.publisher.publish(log.topic, None, b"2")
        assert [record.value for record in await waiting] == [b"2"]
        assert time.monotonic() - started < 1

    async def test_lag_counts_what_was_given_until_it_is_done(self, log: Log) -> None:
        for n in range(5):
            await log.publisher.publish(log.topic, b"k", str(n).encode())
        source = await log.join()
        batch = await some(source)
        assert source.lag() == {log.topic: 5}
        await source.done(batch)
        assert source.lag() == {log.topic: 5 - len(batch)}

    async def test_holds_the_batch_in_hand_only(self, log: Log) -> None:
        await log.publisher.publish(log.topic, None, b"1")
        source = await log.join()
        batch = await some(source)
        assert source.holds(batch)
        await source.done(batch)
        assert not source.holds(batch)

    async def test_a_batch_that_is_not_in_hand_moves_nothing(self, log: Log) -> None:
        sent = [await log.publisher.publish(log.topic, b"k", b"1")]
        lost = await some(await log.join())
        source = await log.join()
        assert not source.holds(lost)
        await source.done(lost)
        assert await take(source, 1) == sent

    async def test_may_be_cancelled_while_it_waits(self, log: Log) -> None:
        await log.publisher.publish(log.topic, None, b"1")
        source = await log.join()
        await take(source, 1)
        waiting = asyncio.create_task(source.next_batch())
        await asyncio.sleep(0.02)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        sent = await log.publisher.publish(log.topic, None, b"2")
        assert await take(source, 1) == [sent]
