"""Whether Kafka gives this process its share of messages."""

from dataclasses import dataclass

from adapters.kafka.source import KafkaMessageSource
from core.kernel.errors import Unavailable
from core.kernel.health import HealthCheck


@dataclass(frozen=True, slots=True)
class KafkaHealth(HealthCheck):
    """Asks the client, which learns by heartbeats whether it is a member of its group."""

    source: KafkaMessageSource
    name: str = "kafka"

    async def check(self) -> None:
        """Fail while no partitions are assigned."""
        if not self.source.joined:
            raise Unavailable(part="kafka", error="no partitions assigned")
