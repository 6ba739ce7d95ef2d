"""The life of the scheduler process."""

import asyncio
import gc
import socket
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

import structlog
from dishka import Provider

from core.kernel.health import HealthCheck
from core.kernel.manifest import Module
from entrypoints.scheduler.container import Parts, build
from entrypoints.shared.chores import background, repeat
from entrypoints.shared.health import HealthServer, Opening
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.modules import MODULES
from entrypoints.shared.relaying import relaying_of, sweeps_of
from entrypoints.shared.settings import Settings
from entrypoints.shared.starting import opened
from entrypoints.shared.waiting import unless

_log = structlog.stdlib.get_logger("soty.scheduler")


async def run(
    settings: Settings,
    listening: socket.socket,
    stop: asyncio.Event,
    ready: Callable[[str], None],
    overrides: Sequence[Provider] = (),
    modules: Sequence[Module] = MODULES,
) -> None:
    """Relay facts and sweep until the event is set; batches under way are finished.

    :param listening: where health and metrics are served; closed at the end.
    :param ready: told the address of health and metrics, once it relays.
    :param overrides: providers that take precedence, for tests.
    :param modules: all of them, and in tests others too.
    """
    async with AsyncExitStack() as stack:
        container = build(settings, *overrides, modules=modules)
        stack.push_async_callback(container.close)
        checks: list[HealthCheck] = [Opening()]
        server = HealthServer(checks, (await container.get(Metrics)).render, stop)
        stack.push_async_callback(server.close)
        url = await server.start(listening)
        parts = await unless(stop, opened(container, Parts, _log))
        if parts is None:
            return
        checks[:] = parts.checks
        relaying = await relaying_of(container, modules, parts.outlets)
        sweeps = await sweeps_of(container, modules)
        await stack.enter_async_context(background(*map(repeat, parts.chores), *sweeps))
        gc.collect()
        gc.freeze()
        ready(url)
        await relaying.run(stop)
