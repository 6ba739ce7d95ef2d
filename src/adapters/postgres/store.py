"""The pool, and units of work and reads on it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any

import asyncpg
import msgspec

from adapters.postgres.errors import translated
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.statement import Statement

POOL_SECONDS, COMMAND_SECONDS, CONNECT_SECONDS, RELEASE_SECONDS = 2.0, 5.0, 3.0, 1.0
SESSION = {
    "timezone": "UTC",
    "jit": "off",
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
    # Every statement has a key to go by and its plan is kept while tables grow from nothing to millions of rows, so a
    # plan that was good for an empty table must not be an option.
    "plan_cache_mode": "force_generic_plan",
    "max_parallel_workers_per_gather": "0",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}

_GIVEN_UP = (TimeoutError, asyncio.CancelledError)

_working: ContextVar[bool] = ContextVar("working", default=False)


class PostgresStore:
    """One pool for everything a process does with PostgreSQL; sessions keep no state, so none is reset."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection of the pool, outside any transaction; one that fell silent is not waited for but cut.

        :raises Unavailable: the database does not answer.
        """
        with translated():
            connection = await self._pool.acquire(timeout=POOL_SECONDS)
            try:
                yield connection
            except _GIVEN_UP:
                with suppress(asyncpg.InterfaceError):
                    connection.terminate()
                raise
            finally:
                await self._pool.release(connection, timeout=RELEASE_SECONDS)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[asyncpg.Connection]:
        """A transaction that commits on a clean exit and rolls back on an error.

        :raises RuntimeError: one is open already in this task.
        :raises Contended: a concurrent writer won.
        :raises Unavailable: the database does not answer.
        """
        if _working.get():
            raise RuntimeError("a unit of work is open already in this task")
        token = _working.set(True)
        try:
            async with self.connection() as connection, _transaction(connection):
                yield connection
        finally:
            _working.reset(token)

    async def rows(self, statement: Statement, **values: Any) -> Sequence[asyncpg.Record]:
        """Read with one statement.

        :raises Unavailable: the database does not answer.
        """
        async with self.connection() as connection:
            return await connection.fetch(statement.text, *statement.args(**values))  # type: ignore[no-any-return]

    async def row(self, statement: Statement, **values: Any) -> asyncpg.Record | None:
        """Read at most one row.

        :raises Unavailable: the database does not answer.
        """
        async with self.connection() as connection:
            return await connection.fetchrow(statement.text, *statement.args(**values))

    def size(self) -> tuple[int, int]:
        """Connections that are open, and those of them that are idle."""
        return self._pool.get_size(), self._pool.get_idle_size()

    def has_spare(self) -> bool:
        """Whether there is a connection right now; who holds one must not wait for another one."""
        return bool(self._pool.get_idle_size() or self._pool.get_size() < self._pool.get_max_size())


@asynccontextmanager
async def open_store(settings: PostgresSettings, name: str = "soty") -> AsyncIterator[PostgresStore]:
    """Open the pool and close it at the end.

    :param name: what the server calls its sessions.
    :raises Unavailable: the database does not answer.
    """
    assert settings.url is not None
    with translated():
        pool = await asyncpg.create_pool(
            settings.url.reveal(),
            min_size=1,
            max_size=settings.pool,
            max_inactive_connection_lifetime=0,
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            server_settings={**SESSION, "application_name": name},
            init=_prepare_session,
            reset=_keep_session,
        )
    try:
        yield PostgresStore(pool)
    finally:
        await pool.close()


@asynccontextmanager
async def _transaction(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Commit or roll back, but ask nothing of a session that is about to be cut, since it would not answer."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    except _GIVEN_UP:
        raise
    except BaseException:
        await transaction.rollback()
        raise
    await transaction.commit()


async def _prepare_session(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_encode_json, decoder=msgspec.json.decode, format="text"
    )


async def _keep_session(connection: asyncpg.Connection) -> None:
    """Nothing to reset: no statement here sets session state, which a check of the architecture forbids."""


def _encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
