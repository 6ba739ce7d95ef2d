"""A log of messages in memory, with groups and their offsets."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import count
from zlib import crc32

from core.kernel.messages import MessagePublisher, MessageSource, Record

LARGEST_BATCH = 4000
POLL = 0.05

Place = tuple[str, int]


class MemoryLog(MessagePublisher):
    """Topics of some partitions each, and what every group has done of them."""

    def __init__(self, partitions: int = 4) -> None:
        """:param partitions: of every topic."""
        self.partitions = partitions
        self.topics: dict[str, list[list[bytes | None]]] = defaultdict(lambda: [[] for _ in range(partitions)])
        self.offsets: dict[str, dict[Place, int]] = defaultdict(dict)
        self.appended = asyncio.Event()
        self._turn = count()

    async def publish(self, topic: str, key: bytes | None, value: bytes | None) -> Record:
        """Append at once."""
        partition = (next(self._turn) if key is None else crc32(key)) % self.partitions
        records = self.topics[topic][partition]
        records.append(value)
        self.appended.set()
        return Record(topic, partition, len(records) - 1, value)


class MemoryMessageSource(MessageSource):
    """The only member of a group."""

    def __init__(self, log: MemoryLog, group: str, topics: Sequence[str]) -> None:
        """:param topics: that are read."""
        self._log = log
        self._done = log.offsets[group]
        self._topics = tuple(topics)
        self._given: Sequence[Record] = ()

    async def next_batch(self) -> Sequence[Record]:
        """Give what is there, or wait a moment for it."""
        self._given = self._waiting()[:LARGEST_BATCH]
        if not self._given:
            self._log.appended.clear()
            try:
                async with asyncio.timeout(POLL):
                    await self._log.appended.wait()
            except TimeoutError:
                return ()
            self._given = self._waiting()[:LARGEST_BATCH]
        return self._given

    def holds(self, batch: Sequence[Record]) -> bool:
        """Whether it is the batch in hand."""
        return batch is self._given

    async def done(self, batch: Sequence[Record]) -> None:
        """Move the offsets of the group."""
        if batch is self._given:
            self._given = ()
            self._done.update({(record.topic, record.partition): record.offset + 1 for record in batch})

    def lag(self) -> Mapping[str, int]:
        """By the ends of the partitions."""
        lag = dict.fromkeys(self._topics, 0)
        for record in self._waiting():
            lag[record.topic] += 1
        return lag

    def _waiting(self) -> list[Record]:
        return [
            Record(topic, partition, offset, values[offset])
            for topic in self._topics
            for partition, values in enumerate(self._log.topics[topic])
            for offset in range(self._done.get((topic, partition), 0), len(values))
        ]
