"""Waiting for what happens soon."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable


async def eventually(condition: Callable[[], Awaitable[object] | object], seconds: float = 20) -> None:
    """Return as soon as the condition holds.

    :raises TimeoutError: it does not hold in time.
    """
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if await found if inspect.isawaitable(found) else found:
                return
            await asyncio.sleep(0.01)
