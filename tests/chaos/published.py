"""What the topic of facts holds, and what it should hold."""

from collections import defaultdict
from uuid import UUID

import asyncpg
import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from core.inventory.domain.movement import Half
from entrypoints.shared.modules import MODULES
from tests.chaos.plan import Key

APPLIED = "inventory.movement_applied"
INTERNAL = [fact.name for module in MODULES for fact in module.facts if fact.internal]
COMMITTED = "SELECT key, id FROM kernel.outbox WHERE name <> ALL ($1) ORDER BY seq"
DELIVERED = """
SELECT key, id FROM kernel.outbox AS o
WHERE name <> ALL ($1) AND NOT EXISTS (SELECT FROM kernel.delivery AS d WHERE d.seq = o.seq AND d.state <> 'dead')
ORDER BY seq"""


class Seen(msgspec.Struct, frozen=True):
    """A fact as subscribers see it; ``applied`` is the half that it tells of, None for other facts.

    ``at`` is when it was sent, in seconds since 1970.
    """

    id: UUID
    key: str
    applied: Key | None = None
    name: str = ""
    at: float = 0.0


class _Applied(msgspec.Struct):
    movement_id: UUID
    event: str


class _CloudEvent(msgspec.Struct):
    id: UUID
    type: str
    subject: str
    data: msgspec.Raw


async def published(bootstrap: str, topic: str, partition_count: int) -> list[Seen]:
    """Everything on the topic, each partition in its order."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, number) for number in range(partition_count)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        seen: list[Seen] = []
        for partition in partitions:
            while await consumer.position(partition) < ends[partition]:
                records = await consumer.getmany(partition, timeout_ms=1000, max_records=5000)
                seen += [_seen(record.value, record.timestamp / 1000) for record in records.get(partition, ())]
        return seen
    finally:
        await consumer.stop()


async def outbox(url: str) -> dict[str, list[UUID]]:
    """Ids of the facts for Kafka that were committed, by key, in the order of their commits."""
    return await _keys(url, COMMITTED)


async def delivered(url: str) -> dict[str, list[UUID]]:
    """The same without facts whose deliveries wait: sweeps tell of what they find after everything came to rest."""
    return await _keys(url, DELIVERED)


async def _keys(url: str, query: str) -> dict[str, list[UUID]]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(query, INTERNAL)
    finally:
        await connection.close()
    found: dict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        found[row["key"]].append(row["id"])
    return dict(found)


def _seen(raw: bytes, at: float) -> Seen:
    event = msgspec.json.decode(raw, type=_CloudEvent)
    if event.type != APPLIED:
        return Seen(event.id, event.subject, name=event.type, at=at)
    data = msgspec.json.decode(event.data, type=_Applied)
    return Seen(event.id, event.subject, (data.movement_id, Half(data.event)), event.type, at)
