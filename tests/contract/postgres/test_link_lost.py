"""A link to PostgreSQL that is silent: whoever waits is told in bounded time, and the pool is good again after it."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from adapters.postgres import store as module
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import PostgresStore, open_store
from core.kernel.errors import Unavailable
from core.kernel.secret import Secret
from tests.support.proxy import Mode, Proxy

SLACK = 3.0


@pytest.fixture
async def link(
    postgres_server: EmbeddedPostgres, fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Proxy, PostgresStore]]:
    """A store whose link can be harmed, with a pool of two; it waits shorter than usual."""
    monkeypatch.setattr(module, "COMMAND_SECONDS", 1.0)
    monkeypatch.setattr(module, "POOL_SECONDS", 0.5)
    with Proxy(Path(postgres_server.socket_dir) / ".s.PGSQL.5432") as proxy:
        url = f"postgresql://soty@{proxy.address}{urlsplit(fresh_postgres_url).path}"
        async with open_store(PostgresSettings(url=Secret(url), pool=2)) as store:
            yield proxy, store
            proxy.switch(Mode.OK)


async def _read(store: PostgresStore) -> None:
    async with store.connection() as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def _write(store: PostgresStore, sleep: float = 0) -> None:
    async with store.transaction() as connection:
        await connection.execute("SELECT 1")
        await asyncio.sleep(sleep)
        await connection.execute("SELECT 2")


@pytest.mark.parametrize("mode", [Mode.BLACKHOLE, Mode.HALF])
async def test_a_silent_link_is_told_in_time_and_forgotten(link: tuple[Proxy, PostgresStore], mode: Mode) -> None:
    proxy, store = link
    await _write(store)
    under_way = [asyncio.create_task(_write(store, 0.2)) for _ in range(2)]
    await asyncio.sleep(0.1)
    proxy.switch(mode)
    started = time.monotonic()
    waiting = [asyncio.create_task(work(store)) for work in (_read, _write, _read)]
    found = await asyncio.gather(*under_way, *waiting, return_exceptions=True)
    assert [type(each) for each in found] == [Unavailable] * 5
    assert time.monotonic() - started < 1.5 + SLACK
    proxy.switch(Mode.OK)
    started = time.monotonic()
    await asyncio.gather(*(_write(store) for _ in range(4)))
    assert time.monotonic() - started < SLACK


async def test_a_caller_that_gives_up_is_not_kept_waiting(link: tuple[Proxy, PostgresStore]) -> None:
    proxy, store = link
    await _write(store)
    proxy.switch(Mode.BLACKHOLE)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await _write(store)
    assert time.monotonic() - started < 0.2 + SLACK


async def test_a_caller_that_gives_up_leaves_nothing_behind(link: tuple[Proxy, PostgresStore]) -> None:
    _, store = link
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await _write(store, 5)
    async with store.connection() as connection:
        found = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()"
        )
    assert found == 0


async def test_an_error_of_a_statement_does_not_cost_the_session(link: tuple[Proxy, PostgresStore]) -> None:
    _, store = link
    async with store.connection() as connection:
        before = connection.get_server_pid()
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with store.transaction() as connection:
            await connection.execute("SELECT 1/0")
    async with store.connection() as connection:
        assert connection.get_server_pid() == before
