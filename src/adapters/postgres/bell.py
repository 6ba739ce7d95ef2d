"""A connection of its own that listens for new facts, and whose life tells others that this process lives."""

import asyncio
import random
from contextlib import suppress

import asyncpg

from adapters.postgres.outbox import CHANNEL
from adapters.postgres.settings import PostgresSettings
from core.kernel.outbox import Bell

OWNERS = 1_936_684_153
CONNECT_SECONDS = 3
AGAIN_SECONDS = 1.0


class PostgresBell(Bell):
    """Rings when a transaction with facts commits.

    The connection holds a lock on the number of this process; when it is gone, so is the lock, and others may take the
    lanes at once. It is opened at the first wait and again whenever it was lost.
    """

    def __init__(self, settings: PostgresSettings) -> None:
        self._settings = settings
        self._rings = asyncio.Event()
        self._opening = asyncio.Lock()
        self._connection: asyncpg.Connection | None = None
        self._owner = 0
        self._next_try = 0.0

    async def owner(self) -> int:
        """The number of this process; 0 while it has no connection, when its leases end by time alone."""
        await self._open()
        return self._owner

    async def wait(self, seconds: float) -> None:
        await self._open()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * random.uniform(0.8, 1)):  # noqa: S311
                await self._rings.wait()
        self._rings.clear()

    async def close(self) -> None:
        """Disconnect."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def _open(self) -> None:
        if self._connection is not None and not self._connection.is_closed():
            return
        async with self._opening:
            loop = asyncio.get_running_loop()
            if loop.time() < self._next_try or (self._connection is not None and not self._connection.is_closed()):
                return
            self._next_try = loop.time() + AGAIN_SECONDS
            self._owner, self._connection = 0, None
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._connect()

    async def _connect(self) -> None:
        assert self._settings.url is not None
        connection = await asyncpg.connect(
            self._settings.url.reveal(),
            timeout=CONNECT_SECONDS,
            command_timeout=CONNECT_SECONDS,
            server_settings={"application_name": "soty relay", "tcp_keepalives_idle": "10"},
        )
        owner: int = await connection.fetchval("SELECT nextval('kernel.relay_owner')")
        await connection.execute("SELECT pg_advisory_lock($1::int, $2::int)", OWNERS, owner)
        await connection.add_listener(CHANNEL, self._ring)
        connection.add_termination_listener(self._ring)
        self._connection, self._owner = connection, owner
        self._rings.set()

    def _ring(self, *_: object) -> None:
        self._rings.set()
