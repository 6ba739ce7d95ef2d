"""What the Kafka adapter gives to a container."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from adapters.kafka.health import KafkaHealth
from adapters.kafka.outlet import KafkaOutlet
from adapters.kafka.publisher import KafkaMessagePublisher
from adapters.kafka.settings import KafkaSettings
from adapters.kafka.source import KafkaMessageSource
from core.kernel.messages import MessagePublisher, MessageSource
from core.kernel.relay import Subscriber


class KafkaEventsProvider(Provider):
    """Kafka as a subscriber of facts, where a topic is set."""

    scope = Scope.APP

    @provide
    async def outlet(self, settings: KafkaSettings) -> AsyncIterator[Subscriber | None]:
        """What sends facts; None without brokers or a topic."""
        if settings.bootstrap is None or settings.events_topic is None:
            yield None
            return
        outlet = KafkaOutlet(settings.bootstrap, settings.events_topic)
        yield outlet
        await outlet.close()


class KafkaProvider(Provider):
    """The ports of messages over Kafka; connections open at first use and close with the container."""

    scope = Scope.APP

    @provide
    async def connection(self, settings: KafkaSettings) -> AsyncIterator[KafkaMessageSource]:
        """The member of the group, which leaves it at the end."""
        source = KafkaMessageSource(settings)
        yield source
        await source.close()

    @provide
    def source(self, connection: KafkaMessageSource) -> MessageSource:
        """The port that the process reads from."""
        return connection

    @provide
    async def publisher(self, settings: KafkaSettings) -> AsyncIterator[MessagePublisher]:
        """The port that appends."""
        publisher = KafkaMessagePublisher(settings)
        yield publisher
        await publisher.close()

    @provide
    def health(self, connection: KafkaMessageSource) -> KafkaHealth:
        """The check of readiness."""
        return KafkaHealth(connection)
