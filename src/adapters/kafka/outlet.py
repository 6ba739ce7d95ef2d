"""Facts out of the outbox into a topic."""

from collections.abc import Sequence
from typing import Any

import msgspec
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from adapters.kafka.publisher import KafkaMessagePublisher
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery
from core.kernel.relay import Failure, Subscriber, Taken

_ENCODER = msgspec.json.Encoder()


class KafkaOutlet(Subscriber):
    """Appends deliveries as CloudEvents 1.0 (structured JSON), by key; they are done when all brokers have them.

    A batch of which some messages were not acknowledged is delivered again as a whole, so a consumer may see an event
    twice, with one ``id``; the producer is idempotent, so the order of a key holds.
    """

    def __init__(self, publisher: KafkaMessagePublisher, topic: str) -> None:
        """:param topic: where to."""
        self._publisher = publisher
        self._topic = topic

    async def take(self, batch: Sequence[Delivery]) -> Taken:
        """Send a batch and wait for the brokers."""
        failed: dict[str, Failure] = {}
        sent: list[Any] = []
        done: list[Delivery] = []
        try:
            producer = await self._publisher.connected()
            for delivery in batch:
                if delivery.key in failed:
                    continue
                try:
                    sent.append(await producer.send(self._topic, cloud_event(delivery), key=delivery.key.encode()))
                    done.append(delivery)
                except MessageSizeTooLargeError as error:
                    failed[delivery.key] = delivery, error
            await producer.flush()
            for future in sent:
                await future
        except (KafkaError, OSError) as error:
            raise Unavailable(part="kafka", error=type(error).__name__) from error
        return Taken(done, list(failed.values()))


def cloud_event(delivery: Delivery) -> bytes:
    """A fact as a CloudEvent: ``type`` is its name, ``dataschema`` names the version, ``subject`` is its key."""
    return _ENCODER.encode(
        {
            "specversion": "1.0",
            "id": str(delivery.id),
            "source": "soty",
            "type": delivery.name,
            "dataschema": f"{delivery.name}.v{delivery.version}",
            "datacontenttype": "application/json",
            "time": delivery.occurred_at,
            "subject": delivery.key,
            "data": msgspec.Raw(delivery.payload),
        }
    )
