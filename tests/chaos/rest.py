"""Waiting until a healed system has done all its work."""

import asyncio
import time
from collections.abc import Mapping

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.chaos.stage import GROUP, TOPIC

LOOK_SECONDS = 0.25


async def quiescent(bootstrap: str, ends: Mapping[int, int], url: str, seconds: float) -> tuple[int, int]:
    """Wait until the group has finished everything and no fact is on its way.

    :param ends: by partition, the offset behind its last message.
    :returns: how many messages and deliveries were left at first.
    :raises TimeoutError: it is not at rest in time; the error says what is left.
    """
    started = time.monotonic()
    probe = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=GROUP, enable_auto_commit=False)
    await probe.start()
    try:
        left = at_first = await _lag(probe, ends), await backlog(url)
        while any(left):
            if time.monotonic() - started > seconds:
                raise TimeoutError(
                    f"{left[0]} of {at_first[0]} messages and {left[1]} of {at_first[1]} deliveries "
                    f"are left after {seconds:.0f} s"
                )
            await asyncio.sleep(LOOK_SECONDS)
            left = await _lag(probe, ends), await backlog(url)
    finally:
        await probe.stop()
    return at_first


async def backlog(url: str) -> int:
    """Deliveries that are not done."""
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("SELECT to_regclass('kernel.delivery')") is None:
            return 0
        return int(await connection.fetchval("SELECT count(*) FROM kernel.delivery WHERE state <> 'dead'"))
    finally:
        await connection.close()


async def _lag(probe: AIOKafkaConsumer, ends: Mapping[int, int]) -> int:
    left = 0
    for partition, end in ends.items():
        left += end - (await probe.committed(TopicPartition(TOPIC, partition)) or 0)
    return left
