"""How processes without an API of their own start: health first, then all parts, once the store is there."""

import asyncio
from typing import TypeVar

import structlog
from dishka import AsyncContainer

from core.kernel.errors import Unavailable
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.health import HealthServer

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


async def listen(server: HealthServer, process: str, host: str, port: int) -> str:
    """Start the server of health and metrics.

    :returns: its address.
    :raises FaultError: the port is taken.
    """
    try:
        return await server.start(host, port)
    except OSError as error:
        setting = f"SOTY_{process.upper()}_PORT"
        fault = Fault(
            f"the {process} cannot listen on {host}:{port}: {error.strerror}",
            f"{setting}={port}",
            f"export {setting}=<a free port>, or 0 for any",
        )
        raise FaultError([fault], Exit.FAILED) from error
