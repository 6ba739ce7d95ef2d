"""Counts what does not depend on the machine: round trips, commands, cyclic garbage, compilations."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
from sqlalchemy.sql.compiler import SQLCompiler

from adapters.postgres.store import PostgresStore
from adapters.redis.link import Link

SENDING = {"fetch", "fetchrow", "fetchval", "execute", "executemany", "copy_records_to_table", "copy_to_table"}


class Counted:
    """A connection that counts what goes over it."""

    def __init__(self, connection: asyncpg.Connection, sent: list[str]) -> None:
        self._connection = connection
        self._sent = sent

    def __getattr__(self, name: str) -> Any:
        if name in SENDING:
            self._sent.append(name)
        elif name == "transaction":
            self._sent += ["begin", "commit"]
        return getattr(self._connection, name)


class CountingStore(PostgresStore):
    """A store whose connections are counted."""

    sent: list[str]

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A connection that counts."""
        async with super().connection() as connection:
            yield Counted(connection, self.sent)


class CountingLink(Link):
    """A link that counts its calls."""

    sent = 0

    async def call(self, *words: Any) -> Any:
        """Count, and call."""
        self.sent += 1
        return await super().call(*words)


async def garbage_of(run: Callable[[], Awaitable[Any]]) -> int:
    """Objects that are left in cycles by a run."""
    gc.collect()
    gc.disable()
    try:
        await run()
        return gc.collect()
    finally:
        gc.enable()


@contextmanager
def compilations() -> Iterator[list[object]]:
    """Statements that SQLAlchemy compiles meanwhile."""
    compiled: list[object] = []
    original = SQLCompiler.__init__

    def noting(self: SQLCompiler, dialect: Any, statement: Any, *more: Any, **named: Any) -> None:
        compiled.append(statement)
        original(self, dialect, statement, *more, **named)

    SQLCompiler.__init__ = noting  # type: ignore[method-assign]
    try:
        yield compiled
    finally:
        SQLCompiler.__init__ = original  # type: ignore[method-assign]
