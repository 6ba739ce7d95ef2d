"""Whether somebody listens at an address."""

import asyncio
from time import perf_counter

PATIENCE = 3.0


async def reach(address: str) -> float:
    """Open a connection and close it.

    :param address: such as ``host:9092``.
    :returns: seconds until it was open.
    :raises OSError: nobody listens, or not within three seconds.
    """
    host, _, port = address.rpartition(":")
    started = perf_counter()
    _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), PATIENCE)
    writer.close()
    return perf_counter() - started
