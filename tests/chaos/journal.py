"""What was asked and what was answered, on disk before anyone relies on it."""

import os
import threading
import time
from collections import defaultdict
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

SYNC_SECONDS = 0.2


class Told(StrEnum):
    """How an attempt ended: it took effect, it did not, or nobody knows."""

    OK = "ok"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Line(msgspec.Struct, frozen=True):
    """One attempt: what was done under which key and about what, and what was answered after how many seconds.

    ``at`` is when the answer came, by :func:`time.monotonic`; ``retry_after`` is that header of it.
    """

    op: str
    key: str
    told: Told
    answer: str = ""
    seconds: float = 0.0
    status: int = 0
    about: str = ""
    at: float = 0.0
    retry_after: str = ""


class Journal:
    """Appends lines to a file and forces them to disk several times a second."""

    def __init__(self, path: Path) -> None:
        self.lines: list[Line] = []
        self._file = path.open("ab")
        self._ended = threading.Event()
        self._syncing = threading.Thread(target=self._sync, daemon=True)
        self._syncing.start()

    def add(self, op: str, key: str, told: Told, **rest: Any) -> Line:
        """Keep how an attempt ended."""
        line = Line(op, key, told, at=time.monotonic(), **rest)
        self.lines.append(line)
        self._file.write(msgspec.json.encode(line) + b"\n")
        return line

    def by_key(self, op: str) -> dict[str, list[Line]]:
        """Attempts of one kind, by their key."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            if line.op == op:
                found[line.key].append(line)
        return found

    def close(self) -> None:
        """Write the rest."""
        self._ended.set()
        self._syncing.join()
        self._file.close()

    def _sync(self) -> None:
        while not self._ended.wait(SYNC_SECONDS):
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.flush()
        os.fsync(self._file.fileno())
