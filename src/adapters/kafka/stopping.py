"""Stopping a client whatever state it is in."""

import asyncio

from aiokafka import AIOKafkaConsumer

STOP_LIMIT = 3.0


async def stop_client(consumer: AIOKafkaConsumer) -> None:
    """Leave the group and disconnect, in bounded time.

    The client's own ``stop`` waits for a broker that is away, and a failed fetch that it cancels makes it end half-way
    with a CancelledError that nobody meant (aiokafka 0.14, ``Fetcher.close``); so it runs in a task of its own, and
    the connections are closed after it.
    """
    stopping = asyncio.create_task(consumer.stop())
    try:
        await asyncio.wait({stopping}, timeout=STOP_LIMIT)
    finally:
        stopping.cancel()
        await asyncio.gather(stopping, return_exceptions=True)
        await consumer._client.close()  # noqa: SLF001
