"""Calls of one tick of the event loop, made as one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 500


class Gathering(Generic[T]):
    """Gathers what is asked in one tick of the event loop; a client of Redis costs per command, not per key."""

    def __init__(self, send: Callable[[list[T]], Awaitable[None]]) -> None:
        """:param send: takes what was gathered, and must not fail."""
        self._send = send
        self._asked: list[T] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def add(self, item: T) -> None:
        """Ask for something."""
        if not self._asked:
            asyncio.get_running_loop().call_soon(self._flush)
        self._asked.append(item)

    def start(self, work: Awaitable[None]) -> None:
        """Do something on the side, that nobody who goes away takes along."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Cut what is under way, and send nothing any more."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _flush(self) -> None:
        asked, self._asked = self._asked, []
        if self._closed:
            return
        for first in range(0, len(asked), MOST):
            self.start(self._send(asked[first : first + MOST]))
