"""The life of the scheduler process."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

import structlog
from dishka import AsyncContainer, Provider

from core.kernel.errors import Unavailable
from core.kernel.health import HealthCheck
from core.kernel.manifest import Module
from entrypoints.scheduler.container import Parts, build
from entrypoints.shared.chores import background, repeat
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.health import HealthServer, Opening
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.modules import MODULES
from entrypoints.shared.relaying import relaying_of, sweeps_of
from entrypoints.shared.settings import Settings
from entrypoints.shared.waiting import unless

OPEN_SECONDS = 0.5

_log = structlog.stdlib.get_logger("soty.scheduler")


async def run(
    settings: Settings,
    stop: asyncio.Event,
    ready: Callable[[str], None],
    overrides: Sequence[Provider] = (),
    modules: Sequence[Module] = MODULES,
) -> None:
    """Relay facts and sweep until the event is set; batches under way are finished.

    :param ready: told the address of health and metrics, once it relays.
    :param overrides: providers that take precedence, for tests.
    :param modules: all of them, and in tests others too.
    :raises FaultError: the port of health is taken.
    """
    async with AsyncExitStack() as stack:
        container = build(settings, *overrides, modules=modules)
        stack.push_async_callback(container.close)
        checks: list[HealthCheck] = [Opening()]
        server = HealthServer(checks, (await container.get(Metrics)).render, stop)
        stack.push_async_callback(server.close)
        url = await _listen(server, settings)
        parts = await unless(stop, _opened(container))
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


async def _opened(container: AsyncContainer) -> Parts:
    """All parts, once the store is there."""
    while True:
        try:
            return await container.get(Parts)
        except Unavailable as error:
            _log.warning("waiting for the store", error=str(error))
            await asyncio.sleep(OPEN_SECONDS)


async def _listen(server: HealthServer, settings: Settings) -> str:
    host, port = settings.scheduler.host, settings.scheduler.port
    try:
        return await server.start(host, port)
    except OSError as error:
        fault = Fault(
            f"the scheduler cannot listen on {host}:{port}: {error.strerror}",
            f"SOTY_SCHEDULER_PORT={port}",
            "export SOTY_SCHEDULER_PORT=<a free port>, or 0 for any",
        )
        raise FaultError([fault], Exit.FAILED) from error
