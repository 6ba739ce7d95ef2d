"""A Kafka topic of a test's own and the group that reads it."""

from uuid import uuid4

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from adapters.kafka.publisher import KafkaMessagePublisher
from adapters.kafka.settings import KafkaSettings
from adapters.kafka.source import KafkaMessageSource
from adapters.kafka.stopping import stop_client

SESSION_MS = 6000


class KafkaLog:
    """A fresh topic name, a publisher, and one member of one group at a time."""

    def __init__(self, bootstrap: str, partitions: int, *, session_ms: int = SESSION_MS) -> None:
        self.topic = f"t{uuid4().hex}"
        self.settings = KafkaSettings(bootstrap=bootstrap, group=f"g{uuid4().hex}", topics=(self.topic,))
        self.publisher = KafkaMessagePublisher(self.settings)
        self.source: KafkaMessageSource | None = None
        self._probe: AIOKafkaConsumer | None = None
        self._partitions = partitions
        self.session_ms = session_ms

    async def join(self) -> KafkaMessageSource:
        """A new member; the one before leaves first."""
        if self.source is not None:
            await self.source.close()
        self.source = KafkaMessageSource(self.settings, session_ms=self.session_ms)
        return self.source

    async def unfinished(self) -> int:
        """Messages of the topic beyond what the group has finished."""
        partitions = [TopicPartition(self.topic, number) for number in range(self._partitions)]
        if self._probe is None:
            self._probe = AIOKafkaConsumer(
                bootstrap_servers=self.settings.bootstrap, group_id=self.settings.group, enable_auto_commit=False
            )
            await self._probe.start()
            self._probe.assign(partitions)
        ends = await self._probe.end_offsets(partitions)
        return sum([end - (await self._probe.committed(partition) or 0) for partition, end in ends.items()])

    async def rewind(self) -> None:
        """Set the offsets of the group, which has no member now, back to the start; the mock broker refuses that."""
        await self.unfinished()
        assert self._probe is not None
        await self._probe.commit({TopicPartition(self.topic, number): 0 for number in range(self._partitions)})

    async def forget(self) -> None:
        """Read as another group from now on, one that has finished nothing."""
        self.settings = msgspec.structs.replace(self.settings, group=f"g{uuid4().hex}")
        if self._probe is not None:
            await stop_client(self._probe)
            self._probe = None

    async def close(self) -> None:
        """Leave and disconnect."""
        if self.source is not None:
            await self.source.close()
        if self._probe is not None:
            await stop_client(self._probe)
        await self.publisher.close()
