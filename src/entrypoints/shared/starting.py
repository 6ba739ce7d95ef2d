"""How processes without an API of their own start: health first, then all parts, once the store is there."""

import asyncio
from typing import TypeVar

import structlog
from dishka import AsyncContainer

from core.kernel.errors import Unavailable

OPEN_SECONDS = 0.5

P = TypeVar("P")


async def opened(container: AsyncContainer, parts: type[P], log: structlog.stdlib.BoundLogger) -> P:
    """All parts, tried until the store answers."""
    while True:
        try:
            return await container.get(parts)
        except Unavailable as error:
            log.warning("waiting for the store", error=str(error))
            await asyncio.sleep(OPEN_SECONDS)
