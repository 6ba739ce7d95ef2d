"""Health and metrics over HTTP for processes that serve nothing else."""

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus

import msgspec

from core.kernel.errors import Unavailable
from core.kernel.health import HealthCheck
from entrypoints.shared.listening import address_of
from entrypoints.shared.metrics import CONTENT_TYPE

CHECK_LIMIT = 2.0
REQUEST_LIMIT = 5.0
DEGRADED = "degraded"

Answer = tuple[HTTPStatus, str, bytes]


async def examine(checks: Sequence[HealthCheck]) -> dict[str, str]:
    """Run all checks at once, each within two seconds.

    :returns: per name "ok", or what is wrong; "degraded" before that for what the process can do without.
    """
    return dict(zip([check.name for check in checks], await asyncio.gather(*map(_examine, checks)), strict=True))


async def _examine(check: HealthCheck) -> str:
    try:
        async with asyncio.timeout(CHECK_LIMIT):
            await check.check()
    except TimeoutError:
        return _wrong(check, "no answer in time")
    except Unavailable as error:
        return _wrong(check, str(error.params.get("error", "unavailable")))
    return "ok"


def _wrong(check: HealthCheck, what: str) -> str:
    return what if check.needed else f"{DEGRADED}: {what}"


def serves(states: Mapping[str, str]) -> bool:
    """Whether a process can do its work.

    :param states: as :func:`examine` gives them.
    """
    return all(state == "ok" or state.startswith(DEGRADED) for state in states.values())


class HealthServer:
    """Answers GET of ``/health/live``, ``/health/ready`` and ``/metrics``, one request a connection."""

    def __init__(self, checks: Sequence[HealthCheck], render: Callable[[], bytes], stop: asyncio.Event) -> None:
        """:param checks: what readiness asks.
        :param render: gives the metrics.
        :param stop: once set, the process is not ready any more.
        """
        self._checks = checks
        self._render = render
        self._stop = stop
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self, listening: socket.socket) -> str:
        """Answer on a socket, which is closed with it.

        :returns: the address to ask.
        """
        self._server = await asyncio.start_server(self._serve, sock=listening)
        return address_of(listening)

    async def close(self) -> None:
        """Stop listening and cut what is open."""
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                async with asyncio.timeout(REQUEST_LIMIT):
                    request = await reader.readuntil(b"\r\n\r\n")
                    writer.write(_encoded(*await self._answer(request.split(b"\r\n", 1)[0])))
                    await writer.drain()
        finally:
            self._open.discard(task)
            writer.close()

    async def _answer(self, request: bytes) -> Answer:
        method, _, rest = request.partition(b" ")
        if method != b"GET":
            return HTTPStatus.METHOD_NOT_ALLOWED, "text/plain", b"only GET\n"
        match rest.split(b" ")[0].split(b"?")[0]:
            case b"/health/live":
                return HTTPStatus.OK, "application/json", b'{"status":"ok"}'
            case b"/health/ready":
                return await self._readiness()
            case b"/metrics":
                return HTTPStatus.OK, CONTENT_TYPE, self._render()
        return HTTPStatus.NOT_FOUND, "text/plain", b"/health/live, /health/ready, /metrics\n"

    async def _readiness(self) -> Answer:
        parts = {"process": "stopping"} if self._stop.is_set() else await examine(self._checks)
        well = serves(parts)
        status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
        degraded = any(part != "ok" for part in parts.values())
        body = {"status": (DEGRADED if degraded else "ready") if well else "not_ready", "checks": parts}
        return status, "application/json", msgspec.json.encode(body)


def _encoded(status: HTTPStatus, content_type: str, body: bytes) -> bytes:
    allow = "Allow: GET\r\n" if status is HTTPStatus.METHOD_NOT_ALLOWED else ""
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        f"Cache-Control: no-store\r\n{allow}Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body


class Opening(HealthCheck):
    """Stands for all parts until they are open."""

    name = "process"

    async def check(self) -> None:
        """Fail."""
        raise Unavailable(part="process", error="opening")
