"""The life of the consumer process."""

import asyncio
import gc
import socket
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

import structlog
from dishka import Provider

from core.kernel.health import HealthCheck
from entrypoints.consumer.container import build
from entrypoints.consumer.parts import Parts
from entrypoints.shared.chores import background, repeat
from entrypoints.shared.health import HealthServer, Opening, examine, serves
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.settings import Settings
from entrypoints.shared.starting import opened
from entrypoints.shared.waiting import unless

LOOK_SECONDS = 0.05

_log = structlog.stdlib.get_logger("soty.consumer")


async def run(
    settings: Settings,
    listening: socket.socket,
    stop: asyncio.Event,
    ready: Callable[[str], None],
    overrides: Sequence[Provider] = (),
) -> None:
    """Take messages from Kafka until the event is set; what is under way is finished first.

    :param listening: where health and metrics are served; closed at the end.
    :param ready: told the address of health and metrics, once the group gave this process its share.
    :param overrides: providers that take precedence, for tests.
    """
    async with AsyncExitStack() as stack:
        container = build(settings, *overrides)
        stack.push_async_callback(container.close)
        checks: list[HealthCheck] = [Opening()]
        server = HealthServer(checks, (await container.get(Metrics)).render, stop)
        stack.push_async_callback(server.close)
        url = await server.start(listening)
        parts = await unless(stop, opened(container, Parts, _log))
        if parts is None:
            return
        checks[:] = [*parts.checks, parts.intake]
        chores = [repeat(chore) for chore in parts.chores]
        await stack.enter_async_context(background(_announce(parts.checks, ready, url), *chores))
        gc.collect()
        gc.freeze()
        await parts.intake.run(stop)


async def _announce(checks: Sequence[HealthCheck], ready: Callable[[str], None], url: str) -> None:
    while True:
        states = await examine(checks)
        if serves(states):
            return ready(url)
        await asyncio.sleep(LOOK_SECONDS)
