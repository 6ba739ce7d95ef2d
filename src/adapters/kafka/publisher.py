"""Appending to Kafka topics."""

import asyncio

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from adapters.kafka.settings import KafkaSettings
from core.kernel.errors import Unavailable
from core.kernel.messages import MessagePublisher, Record

REQUEST_MS = 10_000


class KafkaMessagePublisher(MessagePublisher):
    """An idempotent producer that waits for all replicas; it connects at the first message."""

    def __init__(self, settings: KafkaSettings) -> None:
        """:param settings: where the brokers are."""
        self._settings = settings
        self._producer: AIOKafkaProducer | None = None
        self._connecting = asyncio.Lock()

    async def publish(self, topic: str, key: bytes | None, value: bytes | None) -> Record:
        """Append and wait until the brokers have it."""
        try:
            producer = await self.connected()
            place = await producer.send_and_wait(topic, value, key=_key(key, value))
        except (KafkaError, OSError) as error:
            raise Unavailable(part="kafka", error=type(error).__name__) from error
        return Record(place.topic, place.partition, place.offset, value)

    async def close(self) -> None:
        """Disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def connected(self) -> AIOKafkaProducer:
        """The producer, connected once for all who use it.

        :raises KafkaError: the brokers do not answer.
        """
        async with self._connecting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._settings.bootstrap,
                    client_id="soty",
                    enable_idempotence=True,
                    request_timeout_ms=REQUEST_MS,
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
        return self._producer


def _key(key: bytes | None, value: bytes | None) -> bytes | None:
    """The client refuses a message that has neither key nor value."""
    return b"" if key is None and value is None else key
