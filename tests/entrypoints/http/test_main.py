"""The process: it listens, serves, and leaves in order."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from dishka import AsyncContainer, Provider, Scope

from core.inventory.api import StockView
from core.inventory.ports import StockReader
from core.kernel.paging import Page
from entrypoints.http import main
from entrypoints.http.container import build
from entrypoints.shared.listening import listen
from entrypoints.shared.settings import Settings
from tests.support.http import BEARER, WAREHOUSE, WEBHOOK, memory_settings, sample

STOCK = f"{WAREHOUSE}/{UUID(int=0)}/products/{UUID(int=0)}"


class SlowReader(StockReader):
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def stock(self, warehouse_id: UUID, product_id: UUID) -> StockView:
        self.asked.set()
        await self.go.wait()
        return StockView(warehouse_id, product_id, 7)

    async def threshold(self, *_: object) -> int | None:
        raise NotImplementedError

    async def products(self, *_: object) -> Page[StockView]:
        raise NotImplementedError

    async def stocks(self, *_: object) -> Page[StockView]:
        raise NotImplementedError

    async def warehouses(self, *_: object) -> Page[object]:  # type: ignore[override]
        raise NotImplementedError

    async def adjustments(self, *_: object) -> Page[object]:  # type: ignore[override]
        raise NotImplementedError


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> SlowReader:
    """The reader of stock inside every process of the test."""
    reader = SlowReader()

    def slow(settings: Settings) -> AsyncContainer:
        provider = Provider(scope=Scope.APP)
        provider.provide(lambda: reader, provides=StockReader, override=True)
        return build(settings, provider)

    monkeypatch.setattr(main, "build", slow)
    return reader


@asynccontextmanager
async def _process() -> AsyncIterator[tuple[str, asyncio.Event, "asyncio.Task[None]"]]:
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    task = asyncio.create_task(main.run(memory_settings(), listen("127.0.0.1", 0), stop, address.set_result))
    try:
        await asyncio.wait(list[asyncio.Future[Any]]([task, address]), return_when=asyncio.FIRST_COMPLETED)
        yield await address, stop, task
    finally:
        stop.set()
        await task


async def test_it_serves_on_a_free_port_and_stops_at_once() -> None:
    async with _process() as (address, stop, task):
        async with httpx.AsyncClient(base_url=address, headers=BEARER) as http:
            answer = await http.post(WEBHOOK, content=sample("departure"), headers={"content-type": "application/json"})
            assert answer.status_code == 409
            assert "server" not in answer.headers
        stop.set()
        async with asyncio.timeout(2):
            await task
        with pytest.raises(httpx.ConnectError):
            await httpx.AsyncClient(base_url=address).get("/health/live")
    assert gc.get_freeze_count() == 0


async def test_work_under_way_is_finished(reader: SlowReader) -> None:
    async with _process() as (address, stop, task), httpx.AsyncClient(base_url=address, headers=BEARER) as http:
        async with httpx.AsyncClient(base_url=address) as probe:
            assert (await probe.get("/health/ready")).status_code == 200
            slow = asyncio.create_task(http.get(STOCK))
            await reader.asked.wait()
            stop.set()
            await asyncio.sleep(0)
            leaving = await probe.get("/health/ready")
        assert (leaving.status_code, leaving.json()["status"]) == (503, "stopping")
        await asyncio.sleep(0.3)
        assert not task.done()
        reader.go.set()
        answer = await slow
        assert (answer.status_code, answer.json()["quantity"]) == (200, 7)
        async with asyncio.timeout(2):
            await task


async def test_raw_bytes_that_are_no_http_harm_nobody() -> None:
    async with _process() as (address, _, __):
        host, port = address.removeprefix("http://").split(":")
        for raw in (b"\x00\xff\xfe\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
            reading, writing = await asyncio.open_connection(host, int(port))
            writing.write(raw)
            writing.write_eof()
            head = await reading.read(65_536)
            assert not head.startswith(b"HTTP/1.1 5")
            writing.close()
        async with httpx.AsyncClient(base_url=address, headers=BEARER) as http:
            assert (await http.get("/health/live")).status_code == 200


SMUGGLED = b"GET /health/ready HTTP/1.1\r\nhost: x\r\n\r\n"
CHUNKED = b"0\r\n\r\n" + SMUGGLED


@pytest.mark.parametrize(
    "head, body",
    [
        (b"content-length: %d\r\ntransfer-encoding: chunked\r\n" % len(CHUNKED), CHUNKED),
        (b"transfer-encoding: chunked\r\ncontent-length: 5\r\n", CHUNKED),
        (b"content-length: 0\r\ncontent-length: %d\r\n" % len(SMUGGLED), SMUGGLED),
        (b"content-length: +%d\r\n" % len(SMUGGLED), SMUGGLED),
        (b"content-length: 0x%x\r\n" % len(SMUGGLED), SMUGGLED),
        (b"transfer-encoding: xchunked\r\n", CHUNKED),
        (b"transfer-encoding : chunked\r\n", CHUNKED),
        (b"transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n", CHUNKED),
        (b"x: y\r\n transfer-encoding: chunked\r\n\r\n", CHUNKED),
    ],
)
async def test_no_second_request_hides_in_the_body_of_the_first(head: bytes, body: bytes) -> None:
    """What two servers could read otherwise is refused (RFC 9112 §11.2)."""
    async with _process() as (address, _, __):
        host, port = address.removeprefix("http://").split(":")
        reading, writing = await asyncio.open_connection(host, int(port))
        writing.write(b"POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\n" + head + b"\r\n" + body)
        writing.write_eof()
        told = await reading.read()
        writing.close()
        assert told.startswith(b"HTTP/1.1 400 ")
        assert told.count(b"HTTP/1.1 ") == 1
