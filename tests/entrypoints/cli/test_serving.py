"""Parts under one stop: drained, cut off, failed."""

import asyncio
import socket
import time
from collections.abc import Iterator

import pytest

from entrypoints.cli.ports import Ports
from entrypoints.cli.serving import Ready, serve
from entrypoints.shared.fault import Fault, FaultError
from entrypoints.shared.listening import listen
from entrypoints.shared.settings import AppSettings, Settings


@pytest.fixture
def ports() -> Iterator[Ports]:
    with listen("127.0.0.1", 0) as a, listen("127.0.0.1", 0) as b:
        yield Ports(Settings(app=AppSettings(shutdown_seconds=1.2)), {"a": a, "b": b}, ())


async def obedient(settings: Settings, listening: socket.socket, stop: asyncio.Event, ready: Ready) -> None:
    ready("http://here")
    await stop.wait()


async def deaf(settings: Settings, listening: socket.socket, stop: asyncio.Event, ready: Ready) -> None:
    ready("deaf")
    await asyncio.Event().wait()


async def broken(settings: Settings, listening: socket.socket, stop: asyncio.Event, ready: Ready) -> None:
    raise ValueError("no wheel")


async def refused(settings: Settings, listening: socket.socket, stop: asyncio.Event, ready: Ready) -> None:
    raise FaultError([Fault("refused")])


async def test_all_parts_serve_and_end_together(ports: Ports) -> None:
    stop = asyncio.Event()
    said: list[dict[str, str]] = []

    def when_ready(told: dict[str, str]) -> None:
        said.append(told)
        stop.set()

    await serve({"a": obedient, "b": obedient}, ports, stop, when_ready)
    assert said == [{"a": "http://here", "b": "http://here"}]


async def test_a_part_that_does_not_stop_is_cut_off(ports: Ports, capsys: pytest.CaptureFixture[str]) -> None:
    stop = asyncio.Event()
    started = time.monotonic()
    await serve({"a": obedient, "b": deaf}, ports, stop, lambda _: stop.set())
    assert time.monotonic() - started < 10
    assert "b did not stop" in capsys.readouterr().err


@pytest.mark.parametrize("run,told", [(broken, "b failed: no wheel"), (refused, "refused")])
async def test_a_part_that_fails_ends_the_others(ports: Ports, run: object, told: str) -> None:
    with pytest.raises(FaultError, match=told):
        await serve({"a": obedient, "b": run}, ports, asyncio.Event(), lambda _: None)  # type: ignore[dict-item]


async def test_a_part_that_ends_by_itself_ends_the_others(ports: Ports) -> None:
    async def short(settings: Settings, listening: socket.socket, stop: asyncio.Event, ready: Ready) -> None:
        ready("short")

    await serve({"a": obedient, "b": short}, ports, asyncio.Event(), lambda _: None)
