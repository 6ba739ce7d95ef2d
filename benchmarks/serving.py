"""How every peer is served: uvicorn on uvloop and httptools as ours is, no access log, a pool that does not reset."""

import asyncio
import gc
import json
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import uvicorn

from adapters.postgres.store import SESSION

POOL = 10


async def open_pool(url: str) -> asyncpg.Pool:
    """The pool that Soty has."""
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=POOL,
        max_inactive_connection_lifetime=0,
        server_settings=SESSION,
        reset=_keep_session,
    )


async def serve(app: Callable[..., Any]) -> None:
    """Serve an application until SIGTERM."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    server = Announced(config)
    gc.collect()
    gc.freeze()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, setattr, server, "should_exit", True)
    await server.serve([listening])


class Announced(uvicorn.Server):
    """Says its port when it serves."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets
        print(json.dumps({"port": sockets[0].getsockname()[1]}), flush=True)


async def _keep_session(connection: asyncpg.Connection) -> None:
    """Nothing to reset."""
