"""Sending messages, as the program calls it."""

from collections.abc import AsyncIterator, Iterable

from msgspec import Struct

from adapters.kafka.publisher import KafkaMessagePublisher
from core.kernel.errors import Unavailable
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings import Settings
from entrypoints.shared.settings_fields import PAGE


class Place(Struct, frozen=True):
    """Where one message went."""

    topic: str
    partition: int
    offset: int


async def publish(
    settings: Settings, topic: str, messages: Iterable[tuple[bytes | None, bytes]]
) -> AsyncIterator[Place]:
    """Append messages one after another.

    :param settings: settings with the address of the brokers.
    :param topic: where to append.
    :param messages: keys and values.
    :returns: the place of each message.
    :raises FaultError: when the brokers do not answer (exit code 4).
    """
    publisher = KafkaMessagePublisher(settings.kafka)
    try:
        for key, value in messages:
            record = await publisher.publish(topic, key, value)
            yield Place(record.topic, record.partition, record.offset)
    except Unavailable as error:
        fault = Fault(
            f"Kafka does not answer ({error})",
            str(settings.kafka.bootstrap),
            "start ./soty up, or mend SOTY_KAFKA_BOOTSTRAP",
            f"{PAGE}#soty_kafka_bootstrap",
        )
        raise FaultError([fault], Exit.SERVICE_DOWN) from error
    finally:
        await publisher.close()
