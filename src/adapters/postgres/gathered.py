"""Reads of one row each, gathered: those who ask while a read is under way share the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

AT_ONCE = 2
LARGEST = 100


class Gathered(Generic[K, V]):
    """Reads by key; many askers cost few statements, and one who is alone does not wait for others.

    An answer is never older than its question, since a read begins after all who share it have asked.
    """

    def __init__(self, read: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> None:
        """:param read: finds what is there of some keys."""
        self._read = read
        self._waiting: list[tuple[K, asyncio.Future[V | None]]] = []
        self._readers: set[asyncio.Task[None] | None] = set()

    async def get(self, key: K) -> V | None:
        """What is kept under a key, None when there is nothing; fails as the read fails."""
        answer: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, answer))
        if len(self._readers) < AT_ONCE:
            self._readers.add(asyncio.create_task(self._answer_all()))
        return await answer

    async def _answer_all(self) -> None:
        """Answer until nobody waits; whoever asks right after that must find this reader gone."""
        try:
            while self._waiting:
                asked, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
                await self._answer(asked)
        finally:
            self._readers.remove(asyncio.current_task())

    async def _answer(self, asked: Sequence[tuple[K, asyncio.Future[V | None]]]) -> None:
        try:
            found = await self._read([key for key, _ in asked])
        except Exception as error:  # it is theirs who asked
            _tell(asked, error)
        else:
            for key, answer in asked:
                if not answer.done():
                    answer.set_result(found.get(key))


def _tell(asked: Sequence[tuple[K, asyncio.Future[V | None]]], error: Exception) -> None:
    for _, answer in asked:
        if not answer.done():
            answer.set_exception(error)
