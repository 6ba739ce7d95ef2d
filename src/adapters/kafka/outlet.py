"""Kafka as a subscriber: published facts as CloudEvents in a topic."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError

from adapters.kafka.stopping import stop_producer
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery
from core.kernel.relay import Failure, Subscriber, Taken

REQUEST_MS = 5000
# An idempotent producer tries for ever, and lanes are leased for 30 s.
SEND_SECONDS = 10.0
HEADERS = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
POISON = (MessageSizeTooLargeError, RecordListTooLargeError)


class KafkaOutlet(Subscriber):
    """Appends facts with an idempotent producer and tells done what all replicas have.

    Of one key one fact is under way at a time, so that none can overtake another that has to be sent again.
    """

    def __init__(self, bootstrap: str, topic: str, *, send_seconds: float = SEND_SECONDS) -> None:
        """:param topic: where facts go, those of one key to one partition.
        :param send_seconds: how long the brokers may take for facts that are sent at once.
        """
        self._bootstrap = bootstrap
        self._topic = topic
        self._send_seconds = send_seconds
        self._producer: AIOKafkaProducer | None = None
        self._connecting = asyncio.Lock()

    async def take(self, batch: Sequence[Delivery]) -> Taken:
        """Append a batch, in waves that hold each key once.

        :raises Unavailable: the brokers do not take it; what they took before will come twice.
        """
        done: list[Delivery] = []
        failed: dict[str, Failure] = {}
        for wave in _waves(batch):
            wanted = [delivery for delivery in wave if delivery.key not in failed]
            results = await self._append(wanted)
            done += [delivery for delivery, error in zip(wanted, results, strict=True) if error is None]
            failed |= {d.key: (d, error) for d, error in zip(wanted, results, strict=True) if error is not None}
        return Taken(done, list(failed.values()))

    async def close(self) -> None:
        """Disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await stop_producer(producer)

    async def _append(self, wave: Sequence[Delivery]) -> list[Exception | None]:
        async with self._trouble():
            results = await self._send_all(wave)
            refused = sum(error is not None for error in results)
            if refused < 2:
                return results
            # The client sends several at once, and the brokers refuse them together: tell them apart.
            return [
                error if error is None else await self._send(delivery)
                for delivery, error in zip(wave, results, strict=True)
            ]

    async def _send_all(self, wave: Sequence[Delivery]) -> list[Exception | None]:
        """Wait for every one, also when one raises: nothing may be under way afterwards."""
        results = await asyncio.gather(*map(self._send, wave), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, POISON):
                raise result
        return [result if isinstance(result, Exception) else None for result in results]

    async def _send(self, delivery: Delivery) -> Exception | None:
        """Append one; what is wrong with it, if no broker will ever take it."""
        producer = await self._connected()
        try:
            await producer.send_and_wait(self._topic, cloud_event(delivery), key=delivery.key.encode(), headers=HEADERS)
        except POISON as error:
            refusal: Exception = error
            return refusal
        return None

    @asynccontextmanager
    async def _trouble(self) -> AsyncIterator[None]:
        """After trouble with the brokers begin anew, so that nothing that failed is sent behind our back."""
        try:
            async with asyncio.timeout(self._send_seconds):
                yield
        except (KafkaError, OSError) as error:
            await self.close()
            raise Unavailable(part="kafka", error=type(error).__name__) from error

    async def _connected(self) -> AIOKafkaProducer:
        async with self._connecting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap,
                    client_id="soty-outlet",
                    enable_idempotence=True,
                    request_timeout_ms=REQUEST_MS,
                )
                try:
                    await producer.start()
                except BaseException:
                    await stop_producer(producer)
                    raise
                self._producer = producer
        return self._producer


def cloud_event(delivery: Delivery) -> bytes:
    """A fact as JSON after CloudEvents 1.0; ``id`` is the same whenever it is sent."""
    event = {
        "specversion": "1.0",
        "id": str(delivery.id),
        "source": "soty",
        "type": delivery.name,
        "time": delivery.occurred_at,
        "datacontenttype": "application/json",
        "dataschema": f"urn:soty:{delivery.name}.v{delivery.version}",
        "data": msgspec.Raw(delivery.payload),
    }
    if delivery.key:
        event["subject"] = delivery.key
    return msgspec.json.encode(event)


def _waves(batch: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    """Deliveries in their order, cut so that each wave holds a key once."""
    left = list(batch)
    while left:
        wave = {delivery.key: delivery for delivery in reversed(left)}
        yield [delivery for delivery in left if wave[delivery.key] is delivery]
        left = [delivery for delivery in left if wave[delivery.key] is not delivery]
