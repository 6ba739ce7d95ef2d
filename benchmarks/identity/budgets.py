"""Round trips, commands, cyclic garbage and compilations of calls, which do not depend on the machine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from dishka import Provider, Scope, decorate
from litestar.types import ASGIApp

from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import PostgresStore
from adapters.redis.link import Link
from adapters.redis.settings import RedisSettings
from adapters.security.settings import SecuritySettings
from benchmarks.counting import CountingLink, CountingStore, compilations, garbage_of
from benchmarks.identity.people import CHEAP, SECRET, Renewals, everybody, me_by_bearer, me_by_cookie, sign_in
from benchmarks.servers import Servers
from core.kernel.secret import Secret
from entrypoints.http.container import build
from entrypoints.http.main import assemble
from entrypoints.shared.settings import AppSettings, Settings

TIMES = 20
"""Calls whose garbage is counted."""


class Budget(msgspec.Struct, frozen=True):
    """What one call costs: round trips to the database, each one statement, ``begin`` and ``commit`` included; commands
    of Redis; objects that only the collector of cycles frees; and statements that SQLAlchemy compiled for it.
    """

    statements: int
    commands: int
    garbage: float
    compiled: int


class Counters(Provider):
    """Counts what goes to the database and to Redis; ``store`` and ``link`` are there once they are used."""

    scope = Scope.APP
    store: CountingStore
    link: CountingLink

    @decorate
    def counted_store(self, store: PostgresStore) -> PostgresStore:
        """The same pool."""
        self.store = CountingStore(store._pool)  # noqa: SLF001 - a view of the same pool
        self.store.sent = []
        return self.store

    @decorate
    def counted_link(self, link: Link) -> Link:
        """The same client."""
        self.link = CountingLink(link._redis, 1.0)  # noqa: SLF001 - a view of the same client
        return self.link


class Process:
    """The application of Soty without a server."""

    def __init__(self, app: ASGIApp, counters: Counters) -> None:
        """:param counters: that are in it."""
        self._app = app
        self._counters = counters

    async def ask(self, request: bytes) -> bytes:
        """The answer to a request, as it would be sent.

        :raises AssertionError: it is no success.
        """
        head, _, body = request.partition(b"\r\n\r\n")
        line, *headers = head.split(b"\r\n")
        method, path, _ = line.decode().split(" ")
        told: list[dict[str, Any]] = []
        scope: Any = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "client": ("127.0.0.1", 1),
            "headers": [(name.lower(), value.strip()) for name, _, value in (h.partition(b":") for h in headers)],
        }

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)

        await self._app(scope, receive, send)
        assert told[0]["status"] == 200, told
        return b"\r\n\r\n" + b"".join(each.get("body", b"") for each in told[1:])

    async def budget(self, call: Callable[[], Awaitable[Any]]) -> Budget:
        """What a call costs that was made before."""
        await call()
        statements, commands = len(self._counters.store.sent), self._counters.link.sent
        with compilations() as compiled:
            await call()
            statements, commands = len(self._counters.store.sent) - statements, self._counters.link.sent - commands

            async def often() -> None:
                for _ in range(TIMES):
                    await call()

            return Budget(statements, commands, await garbage_of(often) / TIMES, len(compiled))


def count(servers: Servers) -> dict[str, Budget]:
    """What calls cost, each after one of its kind, and with Redis; a sign-in is one with a cheap hash."""
    with servers.database() as url:
        return asyncio.run(_count(url, servers.redis))


async def _count(url: str, redis: str) -> dict[str, Budget]:
    first, second, *others = everybody()
    renewals, numbers = Renewals([second]), iter(enumerate(others))
    requests = renewals.requests()
    async with opened(url, redis) as process:

        async def by_bearer() -> None:
            await process.ask(me_by_bearer(first))

        async def by_cookie() -> None:
            await process.ask(me_by_cookie(first))

        async def refresh() -> None:
            renewals.hear(await process.ask(next(requests)))

        async def begin() -> None:
            number, person = next(numbers)
            await process.ask(sign_in(person, number))

        calls = {"me by bearer": by_bearer, "me by cookie": by_cookie, "refresh": refresh, "sign-in": begin}
        return {name: await process.budget(call) for name, call in calls.items()}


@asynccontextmanager
async def opened(url: str, redis: str) -> AsyncIterator[Process]:
    """The application over a database and a Redis, with a cheap hash of passwords."""
    counters = Counters()
    settings = Settings(
        app=AppSettings(profile="test"),
        postgres=PostgresSettings(url=Secret(url)),
        redis=RedisSettings(url=Secret(redis)),
        security=SecuritySettings(secret=Secret(SECRET), password_memory=CHEAP[0], password_passes=CHEAP[1]),
    )
    container = build(settings, counters)
    try:
        yield Process(await assemble(container), counters)
    finally:
        await container.close()
