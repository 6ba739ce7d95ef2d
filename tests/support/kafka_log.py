"""A Kafka topic of a test's own and the group that reads it."""

from uuid import uuid4

from adapters.kafka.publisher import KafkaMessagePublisher
from adapters.kafka.settings import KafkaSettings
from adapters.kafka.source import KafkaMessageSource

SESSION_MS = 6000


class KafkaLog:
    """A fresh topic name, a publisher, and one member of one group at a time."""

    def __init__(self, bootstrap: str, *, topic: str | None = None, session_ms: int = SESSION_MS) -> None:
        self.topic = topic or f"t{uuid4().hex}"
        self.settings = KafkaSettings(bootstrap=bootstrap, group=f"g{uuid4().hex}", topics=(self.topic,))
        self.publisher = KafkaMessagePublisher(self.settings)
        self.source: KafkaMessageSource | None = None
        self._session_ms = session_ms

    async def join(self) -> KafkaMessageSource:
        """A new member; the one before leaves first."""
        if self.source is not None:
            await self.source.close()
        self.source = KafkaMessageSource(self.settings, session_ms=self._session_ms)
        return self.source

    async def close(self) -> None:
        """Leave and disconnect."""
        if self.source is not None:
            await self.source.close()
        await self.publisher.close()
