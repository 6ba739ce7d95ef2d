"""The HTTP process."""

import asyncio
import gc
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from dishka import AsyncContainer
from litestar.types import ASGIApp

from core.kernel.errors import Unavailable
from core.kernel.signatures import SignatureVerifier
from entrypoints.http.app import create_app
from entrypoints.http.callers import Callers
from entrypoints.http.container import Chores, build
from entrypoints.http.gate import Gate
from entrypoints.http.operations import OPERATIONS
from entrypoints.http.ops.site import Site
from entrypoints.http.owner import add_first_owner
from entrypoints.http.panel.dev_mail import DevMail
from entrypoints.http.panel.error_pages import ErrorPages
from entrypoints.http.panel.pages import OPEN, PAGES
from entrypoints.http.panel.panel import Panel
from entrypoints.http.platform import Platform
from entrypoints.http.safety import Safety
from entrypoints.shared.chores import KeepLastSeen, background, repeat
from entrypoints.shared.listening import BACKLOG, address_of
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.modules import MODULES
from entrypoints.shared.relaying import relaying_of, sweeps_of
from entrypoints.shared.settings import Settings


class Server(uvicorn.Server):
    """A server inside a larger process: signals belong to that process."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        """:param on_start: called when it serves."""
        super().__init__(config)
        self._on_start = on_start

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve and say so."""
        await super().startup(sockets)
        self._on_start()


async def run(settings: Settings, listening: socket.socket, stop: asyncio.Event, ready: Callable[[str], None]) -> None:
    """Serve until told to stop, then finish what is under way.

    :param settings: of the whole program.
    :param listening: where it serves; closed at the end.
    :param stop: ends it; from then on readiness answers 503.
    :param ready: called with the address when it serves.
    """
    container = build(settings)
    try:
        await add_first_owner(settings, container)
        app = await assemble(container)
        platform = await container.get(Platform)
        gc.collect()
        gc.freeze()
        server = Server(_config(app, settings), lambda: ready(address_of(listening)))
        chores = [repeat(chore) for chore in await container.get(Chores)]
        if settings.app.profile == "memory":
            chores += await in_place_of_a_scheduler(container, stop)
        async with background(_stop(server, platform, stop), *chores):
            await server.serve([listening])
        with suppress(Unavailable):
            await (await container.get(KeepLastSeen))()
    finally:
        gc.unfreeze()
        await container.close()


async def in_place_of_a_scheduler(container: AsyncContainer, stop: asyncio.Event) -> list[Coroutine[Any, Any, None]]:
    """What a scheduler does, for a process whose store no other process sees."""
    relaying = await relaying_of(container, MODULES, {})
    return [relaying.run(stop), *await sweeps_of(container, MODULES)]


async def assemble(container: AsyncContainer) -> ASGIApp:
    """Make the application of a container; every use case is resolved here and never again.

    :param container: as :func:`entrypoints.http.container.build` makes it.
    """
    objects: dict[type, Any] = {
        kind: await container.get(kind) for kind in {operation.acts_on for operation in OPERATIONS}
    }
    screens = [*OPEN, *[screen for kind in PAGES for screen in (await container.get(kind)).screens()]]
    mail = await container.get(DevMail)
    return create_app(
        objects.__getitem__,
        await container.get(Callers),
        await container.get(SignatureVerifier),
        await container.get(Gate),
        await container.get(Site),
        await container.get(Panel),
        [*screens, *mail.screens()],
        await container.get(ErrorPages),
        await container.get(Safety),
        await container.get(Metrics),
        mail.routes(),
    )


async def _stop(server: Server, platform: Platform, stop: asyncio.Event) -> None:
    await stop.wait()
    platform.stopping = True
    server.should_exit = True


def _config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=max(1, int(settings.app.shutdown_seconds)),
    )
