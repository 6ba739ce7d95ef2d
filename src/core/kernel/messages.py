"""Messages of a log such as Kafka: taking them in batches, and appending to it."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec


class Record(msgspec.Struct, frozen=True, gc=False):
    """One message and its place in the log; the value None is a tombstone."""

    topic: str
    partition: int
    offset: int
    value: bytes | None


class MessageSource(Protocol):
    """Gives the messages of a log at least once, to one member of a group each.

    Batches are taken one at a time: the next one is asked for after the one before was done or dropped.
    """

    @abstractmethod
    async def next_batch(self) -> Sequence[Record]:
        """The next messages, 4000 at most, in the order of each partition; none when none came within a moment.

        Connects at the first call. It may be cancelled; what it was about to give is given again.

        :raises Unavailable: the log does not answer; ask again.
        """

    @abstractmethod
    def holds(self, batch: Sequence[Record]) -> bool:
        """Whether the batch is still this member's to do; once its partitions went to others it should be dropped."""

    @abstractmethod
    async def done(self, batch: Sequence[Record]) -> None:
        """Say that a batch and all before it need not be given again.

        A hint: when the log does not take it, some messages are given twice. Never fails.
        """

    @abstractmethod
    def lag(self) -> Mapping[str, int]:
        """Messages per topic that are known to wait for this member; one that was given waits until it is done."""


class MessagePublisher(Protocol):
    """Appends to a log."""

    @abstractmethod
    async def publish(self, topic: str, key: bytes | None, value: bytes | None) -> Record:
        """Append one message.

        :param key: messages with one key come in one partition and keep their order; None spreads them.
        :returns: the message in its place, once the log keeps it.
        :raises Unavailable: the log does not answer; whether it kept the message is not known.
        """
