"""Calls of one tick of the event loop, or of the time that the call before takes, made as one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 500


class Gathering(Generic[T]):
    """Gathers what is asked until the event loop comes round and the call before has ended, and asks it in one call.

    A client of Redis costs per command, not per key.
    """

    def __init__(self, send: Callable[[list[T]], Awaitable[None]]) -> None:
        """:param send: takes what was gathered, and must not fail; no other call begins before it ends."""
        self._send = send
        self._sending = False
        self._asked: list[T] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def add(self, item: T) -> None:
        """Ask for something."""
        if not self._asked and not self._sending:
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
        if self._asked and not self._closed:
            asked, self._asked = self._asked[:MOST], self._asked[MOST:]
            self._sending = True
            self.start(self._sent(asked))

    async def _sent(self, asked: list[T]) -> None:
        try:
            await self._send(asked)
        finally:
            self._sending = False
            self._flush()
