"""The outermost ring: every request gets an id, a place in the numbers, and safe headers on its answer."""

import itertools
import secrets
from time import perf_counter

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from entrypoints.http.answer import Headers
from entrypoints.http.callers import REQUEST_ID
from entrypoints.http.gate import HEADERS_KEY
from entrypoints.http.safety import Safety
from entrypoints.shared.metrics import Metrics

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 6.0, 10.0)

_log = structlog.stdlib.get_logger("soty.http")


class Edge:
    """Wraps the application; what it does for a request costs a few microseconds."""

    def __init__(self, app: ASGIApp, safety: Safety, metrics: Metrics) -> None:
        """:param safety: adds the headers that no answer goes without.
        :param metrics: where requests are counted, by route template and never by path."""
        self._app = app
        self._safety = safety
        self._requests = Counter(
            "soty_http_requests", "Requests.", ["method", "route", "status"], registry=metrics.registry
        )
        self._seconds = Histogram(
            "soty_http_request_seconds", "Time to answer.", ["route"], registry=metrics.registry, buckets=BUCKETS
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._prefix = secrets.token_hex(6)
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != ScopeType.HTTP:
            return
        started = perf_counter()
        request_id = f"{self._prefix}-{next(self._numbers):x}"
        scope[REQUEST_ID] = request_id  # type: ignore[literal-required]
        mark = (b"x-request-id", request_id.encode())
        status = 500

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*self._safety.around(message["headers"]), mark, *_told(scope)]
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, receive, marked)
        finally:
            self._count(scope, status, perf_counter() - started)

    def _count(self, scope: HTTPScope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "other"
        key = (method, scope.get("path_template") or "none", status)
        numbers = self._known.get(key)
        if numbers is None:
            numbers = self._requests.labels(*key), self._seconds.labels(key[1])
            self._known[key] = numbers
        numbers[0].inc()
        numbers[1].observe(seconds)


def _told(scope: HTTPScope) -> Headers:
    """Headers that were left for the answer."""
    left: Headers = scope.get(HEADERS_KEY, [])  # type: ignore[assignment]
    return left
