"""Calls that come while one is under way, made as one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

LARGEST = 100


class Together(Generic[T, R]):
    """Makes many calls as few, one after another; who is alone does not wait, and who goes away takes nobody along."""

    def __init__(self, call: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        """:param call: gives an answer for each item, in order; what it raises is raised for all of them."""
        self._call = call
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._calling: asyncio.Task[None] | None = None

    async def __call__(self, item: T) -> R:
        """The answer for one item; fails as the call fails."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._calling is None:
            self._calling = asyncio.create_task(self._answer_all())
        return await answer

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                asked, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
                await self._answer(asked)
        finally:
            self._calling = None

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
