"""Health and metrics of a process without a web framework."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx
import pytest

from core.kernel.errors import Unavailable
from core.kernel.health import HealthCheck
from entrypoints.shared.health import HealthServer
from entrypoints.shared.listening import listen
from entrypoints.shared.metrics import Metrics


@dataclass
class Part(HealthCheck):
    """A dependency whose state the test sets."""

    name: str
    answer: Callable[[], None] = field(default=lambda: None)
    seconds: float = 0

    async def check(self) -> None:
        await asyncio.sleep(self.seconds)
        self.answer()


def away() -> None:
    raise Unavailable(part="store", error="refused")


@dataclass
class Scene:
    """A server over two parts."""

    url: str
    one: Part
    other: Part
    stop: asyncio.Event

    async def get(self, path: str, method: str = "GET") -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.request(method, self.url + path)

    async def raw(self, request: bytes) -> bytes:
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return answer


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    one, other, stop = Part("one"), Part("other"), asyncio.Event()
    server = HealthServer((one, other), Metrics().render, stop)
    yield Scene(await server.start(listen("127.0.0.1", 0)), one, other, stop)
    await server.close()


async def test_is_live_and_ready_and_shows_metrics(scene: Scene) -> None:
    assert (await scene.get("/health/live")).json() == {"status": "ok"}
    ready = await scene.get("/health/ready?verbose")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ready", "checks": {"one": "ok", "other": "ok"}}
    metrics = await scene.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    assert "soty_facts" in metrics.text


async def test_is_live_and_not_ready_while_a_part_is_away(scene: Scene) -> None:
    scene.other.answer = away
    assert (await scene.get("/health/live")).status_code == 200
    ready = await scene.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json() == {"status": "not_ready", "checks": {"one": "ok", "other": "refused"}}


async def test_does_not_wait_for_a_part_that_hangs(scene: Scene) -> None:
    scene.one.seconds = 60
    ready = await scene.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json()["checks"]["one"] == "no answer in time"


async def test_is_not_ready_from_the_moment_of_the_stop(scene: Scene) -> None:
    scene.stop.set()
    assert (await scene.get("/health/ready")).status_code == 503
    assert (await scene.get("/health/live")).status_code == 200


async def test_refuses_what_it_does_not_know(scene: Scene) -> None:
    assert (await scene.get("/")).status_code == 404
    refused = await scene.get("/health/live", "POST")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET"


@pytest.mark.parametrize("request_", [b"\r\n\r\n", b"\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"GET " + b"x" * 100_000])
async def test_survives_nonsense(scene: Scene, request_: bytes) -> None:
    assert (await scene.raw(request_)).split(b" ")[1:2] in ([], [b"404"], [b"405"])
    assert (await scene.get("/health/live")).status_code == 200
