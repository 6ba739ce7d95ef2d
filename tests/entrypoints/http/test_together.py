"""Calls that are made as one."""

import asyncio
from collections.abc import Sequence

import pytest

from entrypoints.http.together import LARGEST, Together


class Doubling:
    """Doubles numbers; the first call waits until it may go on."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.may_go_on = asyncio.Event()

    async def __call__(self, items: Sequence[int]) -> list[int]:
        self.calls.append(list(items))
        await self.may_go_on.wait()
        if -1 in items:
            raise ValueError("no")
        return [2 * item for item in items]


async def ask(together: Together[int, int], *items: int) -> list[asyncio.Task[int]]:
    """Ask for each, until all wait."""
    tasks = [asyncio.ensure_future(together(item)) for item in items]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_who_comes_while_a_call_is_under_way_shares_the_next() -> None:
    doubling = Doubling()
    together = Together(doubling)
    tasks = [*await ask(together, 1), *await ask(together, 2), *await ask(together, 3, 3)]
    doubling.may_go_on.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6, 6]
    assert doubling.calls == [[1], [2, 3, 3]]


async def test_a_call_has_its_limit() -> None:
    doubling = Doubling()
    doubling.may_go_on.set()
    together = Together(doubling)
    assert await asyncio.gather(*map(together, range(LARGEST + 1))) == [2 * each for each in range(LARGEST + 1)]
    assert list(map(len, doubling.calls)) == [LARGEST, 1]


async def test_a_failure_is_of_all_who_share_the_call_and_of_nobody_after() -> None:
    doubling = Doubling()
    together = Together(doubling)
    tasks = [*await ask(together, 1), *await ask(together, -1, 2)]
    doubling.may_go_on.set()
    assert await tasks[0] == 2
    for task in tasks[1:]:
        with pytest.raises(ValueError, match="no"):
            await task
    assert await together(3) == 6


async def test_who_goes_away_takes_nobody_along() -> None:
    doubling = Doubling()
    together = Together(doubling)
    tasks = await ask(together, 1, 2)
    tasks[0].cancel()
    doubling.may_go_on.set()
    assert await tasks[1] == 4
    assert tasks[0].cancelled()


async def test_who_asks_again_at_once_is_answered() -> None:
    doubling = Doubling()
    doubling.may_go_on.set()
    together = Together(doubling)
    assert [await together(each) for each in range(3)] == [0, 2, 4]


async def test_nobody_is_waited_for_once_all_are_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrypoints.http.together.LULL", 1e9)
    monkeypatch.setattr("entrypoints.http.together.LONGEST_LULL", 3600)
    doubling = Doubling()
    doubling.may_go_on.set()
    together = Together(doubling)
    assert await asyncio.gather(*await ask(together, 1, 2)) == [2, 4]
    assert await asyncio.gather(*await ask(together, 3), *await ask(together, 4)) == [6, 8]
    assert doubling.calls == [[1, 2], [3, 4]]
