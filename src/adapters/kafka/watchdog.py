"""Notices a client that sits still while the brokers have messages for it."""

import logging
from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from adapters.kafka.settings import KafkaSettings
from adapters.kafka.stopping import stop_client

PATIENCE = 60.0
TRIES = 3

_log = logging.getLogger("soty.kafka")


class Watchdog:
    """After a minute of silence asks the brokers, by a connection of its own, whether silence is right."""

    def __init__(self, settings: KafkaSettings, *, patience: float = PATIENCE) -> None:
        """:param patience: seconds of silence that are taken for granted."""
        self._settings = settings
        self._patience = patience
        self._silence = 0.0
        self._barked = 0

    def feed(self) -> None:
        """Note a sign of life: messages, or a share of the partitions."""
        self._silence = 0.0

    async def barks(self, waited: float, assigned: Iterable[TopicPartition] | None) -> bool:
        """Whether the client should be replaced by a new one.

        :param waited: seconds of one more poll that gave nothing.
        :param assigned: its partitions; None while it waits for the group.
        :raises RuntimeError: replacing it did not help, so the process should be replaced.
        """
        self._silence += waited
        if self._silence < self._patience:
            return False
        self._silence = 0.0
        if not await self._is_stuck(assigned):
            self._barked = 0
            return False
        self._barked += 1
        _log.error("no messages for %.0f s although Kafka has some (%d. time)", self._patience, self._barked)
        if self._barked == TRIES:
            raise RuntimeError("the Kafka client is stuck")
        return True

    async def _is_stuck(self, assigned: Iterable[TopicPartition] | None) -> bool:
        probe = AIOKafkaConsumer(
            bootstrap_servers=self._settings.bootstrap,
            client_id="soty-watchdog",
            group_id=self._settings.group,
            enable_auto_commit=False,
        )
        try:
            await probe.start()
            return assigned is None or await _has_lag(probe, list(assigned))
        except (KafkaError, OSError):
            return False
        finally:
            await stop_client(probe)


async def _has_lag(probe: AIOKafkaConsumer, partitions: list[TopicPartition]) -> bool:
    if not partitions:
        return False
    probe.assign(partitions)
    first, end = await probe.beginning_offsets(partitions), await probe.end_offsets(partitions)
    for partition in partitions:
        committed = await probe.committed(partition)
        if end[partition] > (first[partition] if committed is None else committed):
            return True
    return False
