"""What goes out together."""

import asyncio

from adapters.redis.gathering import MOST, Gathering


async def test_what_is_asked_while_a_call_is_under_way_goes_out_as_one_when_it_ends() -> None:
    calls: list[list[int]] = []
    ends = asyncio.Event()

    async def send(asked: list[int]) -> None:
        calls.append(asked)
        await ends.wait()

    gathering = Gathering(send)
    gathering.add(1)
    gathering.add(2)
    await asyncio.sleep(0.01)
    for number in range(MOST + 1):
        gathering.add(number)
    await asyncio.sleep(0.01)
    assert calls == [[1, 2]]
    ends.set()
    await asyncio.sleep(0.01)
    assert calls == [[1, 2], list(range(MOST)), [MOST]]
    await gathering.close()
    gathering.add(3)
    await asyncio.sleep(0.01)
    assert len(calls) == 3
