"""Reads that are gathered, without a database."""

import asyncio
from collections.abc import Mapping, Sequence

from adapters.postgres.gathered import AT_ONCE, LARGEST, Gathered

ASKERS, TIMES = 7, 50


class Numbers:
    """Reads numbers, and counts how many reads there were and how many of them at once."""

    def __init__(self) -> None:
        self.reads = 0
        self.under_way = 0
        self.most = 0

    async def read(self, keys: Sequence[int]) -> Mapping[int, str]:
        """What is there of some numbers: all but odd ones, after one turn of the loop."""
        assert len(keys) <= LARGEST
        self.reads += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        return {key: str(key) for key in keys if key % 2 == 0}


async def test_who_asks_again_at_once_is_answered() -> None:
    numbers = Numbers()
    gathered = Gathered(numbers.read)

    async def ask(number: int) -> None:
        for _ in range(TIMES):
            assert await gathered.get(number) == (str(number) if number % 2 == 0 else None)

    async with asyncio.timeout(10):
        await asyncio.gather(*(ask(number) for number in range(ASKERS)))
    assert numbers.most <= AT_ONCE
    assert numbers.reads < ASKERS * TIMES


async def test_who_asks_again_when_all_reads_have_just_ended_is_answered() -> None:
    gate = asyncio.Event()
    reading = [asyncio.Event() for _ in range(AT_ONCE)]

    async def read(keys: Sequence[int]) -> Mapping[int, str]:
        reading[keys[0]].set()
        await gate.wait()
        return {}

    gathered = Gathered(read)

    async def ask_twice() -> None:
        await gathered.get(0)
        await gathered.get(0)

    async with asyncio.timeout(10):
        first = asyncio.create_task(ask_twice())
        await reading[0].wait()
        others = [asyncio.create_task(gathered.get(number)) for number in range(1, AT_ONCE)]
        await asyncio.gather(*(event.wait() for event in reading))
        gate.set()
        await asyncio.gather(first, *others)


async def test_one_asker_at_a_time_is_answered() -> None:
    gathered = Gathered(Numbers().read)
    async with asyncio.timeout(10):
        assert [await gathered.get(number) for number in range(0, 100, 2)] == [str(n) for n in range(0, 100, 2)]


async def test_more_than_one_read_takes_are_answered() -> None:
    numbers = Numbers()
    gathered = Gathered(numbers.read)
    found = await asyncio.gather(*(gathered.get(2 * number) for number in range(LARGEST * 5)))
    assert found == [str(2 * number) for number in range(LARGEST * 5)]
