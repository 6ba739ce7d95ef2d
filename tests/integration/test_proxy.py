"""The proxy harms as it says: the test of a tool of other tests."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from tests.support.proxy import Mode, Proxy

SOON = 0.3


@pytest.fixture
async def echo() -> AsyncIterator[Proxy]:
    """A proxy before a server that says everything again."""
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    with Proxy(server.sockets[0].getsockname()[:2]) as proxy:
        yield proxy
    server.close()


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionResetError):
        while chunk := await reader.read(1000):
            writer.write(chunk)
    writer.close()


class Client:
    """One connection to the proxy."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def say(self, word: bytes) -> bytes:
        self._writer.write(word)
        return await asyncio.wait_for(self._reader.readexactly(len(word)), SOON)

    async def hear(self, size: int) -> bytes:
        return await asyncio.wait_for(self._reader.readexactly(size), SOON)

    def close(self) -> None:
        self._writer.close()


async def connected(proxy: Proxy) -> Client:
    return Client(*await asyncio.open_connection("127.0.0.1", proxy.port))


@pytest.mark.parametrize("mode, amount", [(Mode.OK, 0), (Mode.LATENCY, 0.01), (Mode.SLICER, 3), (Mode.LIMIT, 999)])
async def test_what_passes_is_whole(echo: Proxy, mode: Mode, amount: float) -> None:
    echo.switch(mode, amount)
    client = await connected(echo)
    assert await client.say(b"hello, world") == b"hello, world"
    client.close()


@pytest.mark.parametrize("mode", [Mode.RESET, Mode.LIMIT])
async def test_a_connection_is_cut_at_its_bytes(echo: Proxy, mode: Mode) -> None:
    echo.switch(mode, 4)
    client = await connected(echo)
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await client.say(b"hello")
    assert echo.counts[mode] == 1


async def test_what_is_connected_is_cut_once(echo: Proxy) -> None:
    client = await connected(echo)
    await client.say(b"hello")
    assert echo.cut() == 1
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await client.say(b"hello")
    again = await connected(echo)
    assert await again.say(b"hello") == b"hello"
    again.close()


async def test_down_refuses_and_comes_back_at_the_same_port(echo: Proxy) -> None:
    echo.switch(Mode.DOWN)
    with pytest.raises(ConnectionRefusedError):
        await connected(echo)
    echo.switch(Mode.OK)
    client = await connected(echo)
    assert await client.say(b"hello") == b"hello"
    client.close()


async def test_a_black_hole_gives_back_what_it_held(echo: Proxy) -> None:
    client = await connected(echo)
    echo.switch(Mode.BLACKHOLE)
    with pytest.raises(TimeoutError):
        await client.say(b"hello")
    echo.switch(Mode.OK)
    assert await client.hear(5) == b"hello"
    client.close()


async def test_half_a_link_hears_and_never_answers(echo: Proxy) -> None:
    echo.switch(Mode.HALF)
    client = await connected(echo)
    with pytest.raises(TimeoutError):
        await client.say(b"hello")
    client.close()


@pytest.fixture
def postgres(postgres_server: EmbeddedPostgres, new_database: Callable[[], str]) -> Iterator[tuple[Proxy, str]]:
    """A proxy before PostgreSQL, and the address of a database through it."""
    database = urlsplit(new_database()).path
    with Proxy(postgres_socket(postgres_server)) as proxy:
        yield proxy, f"postgresql://soty@{proxy.address}{database}"


def postgres_socket(server: EmbeddedPostgres) -> Path:
    return server.socket_dir / ".s.PGSQL.5432"


@pytest.mark.parametrize("mode, kept", [(Mode.BEFORE_COMMIT, 0), (Mode.AFTER_COMMIT, 1)])
async def test_a_commit_is_cut_before_or_after_it_is_done(postgres: tuple[Proxy, str], mode: Mode, kept: int) -> None:
    proxy, url = postgres
    connection = await asyncpg.connect(url, timeout=5)
    await connection.execute("CREATE TABLE kept (n int)")
    proxy.switch(mode)
    with pytest.raises((OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError)):
        async with connection.transaction():
            await connection.execute("INSERT INTO kept VALUES (1)")
    proxy.switch(Mode.OK)
    after = await asyncpg.connect(url, timeout=5)
    assert await after.fetchval("SELECT count(*) FROM kept") == kept
    assert proxy.counts[mode] == 1
    await after.close()


async def test_who_hung_up_in_a_blackhole_is_never_heard_of() -> None:
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readexactly(5))
        writer.write(b"hello")
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    with Proxy(server.sockets[0].getsockname()[:2]) as proxy:
        proxy.switch(Mode.BLACKHOLE)
        gone, patient = await connected(proxy), await connected(proxy)
        with pytest.raises(TimeoutError):
            await gone.say(b"first")
        with pytest.raises(TimeoutError):
            await patient.say(b"other")
        gone.close()
        await asyncio.sleep(0.05)
        proxy.switch(Mode.OK)
        assert await patient.hear(5) == b"hello"
        patient.close()
    assert heard == [b"other"]
    server.close()
