"""The life of the consumer process."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

import structlog
from dishka import AsyncContainer, Provider

from core.kernel.errors import Unavailable
from core.kernel.health import HealthCheck
from entrypoints.consumer.container import build
from entrypoints.consumer.parts import Parts
from entrypoints.shared.chores import background, repeat
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.health import HealthServer, Opening, examine, serves
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.settings import Settings
from entrypoints.shared.waiting import unless

LOOK_SECONDS = 0.05
OPEN_SECONDS = 0.5

_log = structlog.stdlib.get_logger("soty.consumer")


async def run(
    settings: Settings, stop: asyncio.Event, ready: Callable[[str], None], overrides: Sequence[Provider] = ()
) -> None:
    """Take messages from Kafka until the event is set; what is under way is finished first.

    :param ready: told the address of health and metrics, once the group gave this process its share.
    :param overrides: providers that take precedence, for tests.
    :raises FaultError: the port of health is taken.
    """
    async with AsyncExitStack() as stack:
        container = build(settings, *overrides)
        stack.push_async_callback(container.close)
        checks: list[HealthCheck] = [Opening()]
        server = HealthServer(checks, (await container.get(Metrics)).render, stop)
        stack.push_async_callback(server.close)
        url = await _listen(server, settings)
        parts = await unless(stop, _opened(container))
        if parts is None:
            return
        checks[:] = [*parts.checks, parts.intake]
        chores = [repeat(chore) for chore in parts.chores]
        await stack.enter_async_context(background(_announce(parts.checks, ready, url), *chores))
        gc.collect()
        gc.freeze()
        await parts.intake.run(stop)


async def _opened(container: AsyncContainer) -> Parts:
    """All parts, once the store is there."""
    while True:
        try:
            return await container.get(Parts)
        except Unavailable as error:
            _log.warning("waiting for the store", error=str(error))
            await asyncio.sleep(OPEN_SECONDS)


async def _listen(server: HealthServer, settings: Settings) -> str:
    host, port = settings.consumer.host, settings.consumer.port
    try:
        return await server.start(host, port)
    except OSError as error:
        fault = Fault(
            f"the consumer cannot listen on {host}:{port}: {error.strerror}",
            f"SOTY_CONSUMER_PORT={port}",
            "export SOTY_CONSUMER_PORT=<a free port>, or 0 for any",
        )
        raise FaultError([fault], Exit.FAILED) from error


async def _announce(checks: Sequence[HealthCheck], ready: Callable[[str], None], url: str) -> None:
    while True:
        states = await examine(checks)
        if serves(states):
            return ready(url)
        await asyncio.sleep(LOOK_SECONDS)
