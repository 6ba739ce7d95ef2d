"""Messages of Kafka topics for one member of a consumer group."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import KafkaError

from adapters.kafka.settings import KafkaSettings
from adapters.kafka.stopping import stop_client
from adapters.kafka.watchdog import Watchdog
from core.kernel.errors import Unavailable
from core.kernel.messages import MessageSource, Record

LARGEST_BATCH = 4000
POLL_MS = 200
POLL_LIMIT = 2.0
COMMIT_LIMIT = 2.0
REVOKE_LIMIT = 8.0
SESSION_MS = 10_000
REBALANCE_MS = 15_000
REQUEST_MS = 20_000
A_DAY_MS = 86_400_000
CUT = KafkaError, RuntimeError
"""What the client raises when a link is cut; a closed transport of uvloop says RuntimeError."""

_log = logging.getLogger("soty.kafka")


class KafkaMessageSource(MessageSource):
    """One member of a group.

    A batch in hand is waited for when a rebalance takes its partitions away; what was fetched and not given out is
    dropped. Offsets are committed by number, never by what the client happens to have read.
    """

    def __init__(self, settings: KafkaSettings, *, session_ms: int = SESSION_MS) -> None:
        """:param session_ms: how long the group waits for a silent member, in milliseconds."""
        self._settings = settings
        self._session_ms = session_ms
        self._consumer: AIOKafkaConsumer | None = None
        self._watchdog = Watchdog(settings)
        self._assigned: frozenset[TopicPartition] | None = None
        self._given: Sequence[Record] = ()
        self._idle = asyncio.Event()
        self._idle.set()
        self._next: dict[TopicPartition, int] = {}
        self._owed: dict[TopicPartition, int] = {}

    @property
    def joined(self) -> bool:
        """Whether the group has given this member its share of the partitions, be it none."""
        return self._assigned is not None

    async def next_batch(self) -> Sequence[Record]:
        """Poll once, bounded in time although a rebalance may be going on."""
        consumer = self._consumer or await self._connect()
        started = time.monotonic()
        try:
            await self._settle(consumer)
            async with asyncio.timeout(POLL_LIMIT):
                found = await consumer.getmany(timeout_ms=POLL_MS, max_records=LARGEST_BATCH)
        except TimeoutError:
            found = {}
        except CUT as error:
            await self.close()
            raise Unavailable(part="kafka", error=type(error).__name__) from error
        if found:
            self._give(found)
        if self._given:
            self._watchdog.feed()
        elif await self._watchdog.barks(time.monotonic() - started, self._assigned):
            await self.close()
        return self._given

    def holds(self, batch: Sequence[Record]) -> bool:
        """Whether it is the batch in hand; a rebalance takes it out of the hand."""
        return batch is self._given

    async def done(self, batch: Sequence[Record]) -> None:
        """Commit the offsets behind the batch, unless its partitions are gone."""
        if batch is not self._given:
            return
        self._given = ()
        for record in batch:
            self._owed[TopicPartition(record.topic, record.partition)] = record.offset + 1
        self._next.update(self._owed)
        try:
            if self._consumer is not None:
                await self._settle(self._consumer)
        finally:
            self._idle.set()

    def lag(self) -> Mapping[str, int]:
        """By the ends of the partitions that the last answers of the brokers named."""
        waiting = dict.fromkeys(self._settings.topics, 0)
        for partition in self._assigned or ():
            end = self._consumer.highwater(partition) if self._consumer else None
            if end is not None and partition in self._next:
                waiting[partition.topic] += max(0, end - self._next[partition])
        return waiting

    async def close(self) -> None:
        """Leave the group; a batch in hand is out of it."""
        consumer, self._consumer = self._consumer, None
        self.revoke()
        if consumer is not None:
            await stop_client(consumer)

    def assign(self, partitions: Iterable[TopicPartition]) -> None:
        """Take the share that the group gives."""
        self._assigned = frozenset(partitions)
        self._watchdog.feed()
        _log.info("assigned %d partitions", len(self._assigned))

    async def give_up(self) -> None:
        """Finish the batch in hand before its partitions go, if that is soon enough for the group."""
        with suppress(TimeoutError):
            async with asyncio.timeout(REVOKE_LIMIT):
                await self._idle.wait()
        self.revoke()

    def revoke(self) -> None:
        """Forget all that belongs to partitions of this member."""
        self._assigned = None
        self._given = ()
        self._next.clear()
        self._owed.clear()
        self._idle.set()

    async def _connect(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.bootstrap,
            client_id="soty",
            group_id=self._settings.group,
            group_instance_id=self._settings.instance,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=self._session_ms,
            heartbeat_interval_ms=min(1000, self._session_ms // 4),
            rebalance_timeout_ms=REBALANCE_MS,
            request_timeout_ms=REQUEST_MS,
            fetch_max_wait_ms=POLL_MS,
            metadata_max_age_ms=10_000,
            # The client would leave the group while a batch waits for a database that is away, and join it in a loop.
            max_poll_interval_ms=A_DAY_MS,
        )
        try:
            await consumer.start()
        except BaseException as error:
            await stop_client(consumer)
            if isinstance(error, KafkaError | OSError):
                raise Unavailable(part="kafka", error=type(error).__name__) from error
            raise
        consumer.subscribe(topics=self._settings.topics, listener=_Listener(self))
        self._consumer = consumer
        return consumer

    def _give(self, found: Mapping[TopicPartition, Sequence[Any]]) -> None:
        for partition, records in found.items():
            self._next.setdefault(partition, records[0].offset)
        self._idle.clear()
        self._given = [Record(r.topic, r.partition, r.offset, r.value) for records in found.values() for r in records]

    async def _settle(self, consumer: AIOKafkaConsumer) -> None:
        if not self._owed:
            return
        owed = dict(self._owed)
        try:
            async with asyncio.timeout(COMMIT_LIMIT):
                await consumer.commit(owed)
        except (*CUT, TimeoutError) as error:
            _log.warning("offsets were not committed: %r", error)
        else:
            self._owed = {p: offset for p, offset in self._owed.items() if owed.get(p) != offset}


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, source: KafkaMessageSource) -> None:
        self._source = source

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        await self._source.give_up()

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._source.assign(assigned)
