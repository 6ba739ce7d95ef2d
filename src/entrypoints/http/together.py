"""Calls that come while one is under way, made as one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

LARGEST = 100
LULL, LONGEST_LULL = 0.5, 0.005
"""As a share of the time that a shared call took, and in seconds: whoever was just answered may ask again meanwhile."""


class Together(Generic[T, R]):
    """Makes many calls as few, one after another; who is alone does not wait, and who goes away takes nobody along.

    A short lull after a shared call makes the next one larger: else those who were answered and those who waited would
    take turns in calls of half the size for ever. It ends once as many wait as were there before.
    """

    def __init__(self, call: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        """:param call: gives an answer for each item, in order; what it raises is raised for all of them."""
        self._call = call
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._calling: asyncio.Task[None] | None = None
        self._expected = 0
        self._all_there = asyncio.Event()

    async def __call__(self, item: T) -> R:
        """The answer for one item; fails as the call fails."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._calling is None:
            self._calling = asyncio.create_task(self._answer_all())
        elif len(self._waiting) == self._expected:
            self._all_there.set()
        return await answer

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                asked, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
                began = perf_counter()
                await self._answer(asked)
                if len(asked) > 1:
                    await self._lull(len(asked), min((perf_counter() - began) * LULL, LONGEST_LULL))
        finally:
            self._calling = None

    async def _lull(self, answered: int, seconds: float) -> None:
        self._expected = min(len(self._waiting) + answered, LARGEST)
        self._all_there.clear()
        if len(self._waiting) >= LARGEST:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._all_there.wait()
        self._expected = 0

    async def _answer(self, asked: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            found = await self._call([item for item, _ in asked])
        except Exception as error:  # it is theirs who asked
            for _, answer in asked:
                if not answer.done():
                    answer.set_exception(error)
        else:
            for (_, answer), told in zip(asked, found, strict=True):
                if not answer.done():
                    answer.set_result(told)
