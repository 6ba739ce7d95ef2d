"""Stopping a client whatever state it is in."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

STOP_LIMIT = 3.0


async def stop_client(consumer: AIOKafkaConsumer) -> None:
    """Leave the group and disconnect, in bounded time.

    The client's own ``stop`` waits for a broker that is away, and a failed fetch that it cancels makes it end half-way
    with a CancelledError that nobody meant (aiokafka 0.14, ``Fetcher.close``); so it runs in a task of its own, and
    the connections are closed after it.
    """
    try:
        await _in_time(consumer.stop())
    finally:
        await consumer._client.close()  # noqa: SLF001


async def stop_producer(producer: AIOKafkaProducer) -> None:
    """Disconnect in bounded time, and leave nothing behind that goes on sending.

    The client's own ``stop`` waits for a broker that is away, to send what is left; given up on, it leaves its sender
    running, which connects again as soon as it can (aiokafka 0.14, ``AIOKafkaProducer.stop``).
    """
    try:
        await _in_time(producer.stop())
    finally:
        await _in_time(producer._sender.close())  # noqa: SLF001
        await producer.client.close()


async def _in_time(stop: Coroutine[Any, Any, None]) -> None:
    stopping = asyncio.create_task(stop)
    try:
        await asyncio.wait({stopping}, timeout=STOP_LIMIT)
    finally:
        stopping.cancel()
        await asyncio.gather(stopping, return_exceptions=True)
