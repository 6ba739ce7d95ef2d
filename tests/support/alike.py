"""Whether answers of two kinds can be told apart: by what they say, or by how long they take."""

import http.client
import json
import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import count
from typing import Any, NamedTuple

NEW_EACH_TIME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12}-[0-9a-f]+|\d{4}-\d\d-\d\dT[\d:.]+Z")
"""Ids and moments, which no two answers share."""


class Said(NamedTuple):
    """An answer without what no two answers share."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


class Timed(NamedTuple):
    """An answer, and how long it took from the first byte sent to the last one read."""

    said: Said
    seconds: float


class Caller:
    """Sends one request after another over one connection, each from an address of its own, as a proxy would."""

    def __init__(self, url: str) -> None:
        """:param url: of a process that trusts proxies on this machine."""
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        self._numbers = count(1)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def post(self, path: str, body: Any) -> Timed:
        """Send JSON."""
        number = next(self._numbers)
        sender = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        headers = {"content-type": "application/json", "x-forwarded-for": sender}
        content = json.dumps(body).encode()
        begun = time.perf_counter()
        self._connection.request("POST", path, content, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        seconds = time.perf_counter() - begun
        return Timed(said(answer.status, answer.getheaders(), text), seconds)


def said(status: int, headers: Sequence[tuple[str, str]], body: str) -> Said:
    """An answer as it can be compared."""
    kept = sorted((name.lower(), NEW_EACH_TIME.sub("…", value)) for name, value in headers if name.lower() != "date")
    return Said(status, tuple(kept), NEW_EACH_TIME.sub("…", body))


def auc(one: Sequence[float], other: Sequence[float]) -> float:
    """How often the better of two guesses by time alone is right: 0.5 is a coin, 1 is always."""
    ordered = sorted(other)
    below = sum(bisect_left(ordered, each) + bisect_right(ordered, each) for each in one) / (2 * len(one) * len(other))
    return max(below, 1 - below)
