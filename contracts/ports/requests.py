"""What every unit of work promises to requests that may come twice."""

import asyncio

import msgspec
import pytest

from contracts.ports.subject import InventorySuite, Subject
from core.kernel.requests import AnsweredBefore, RequestInFlight, RequestKey, RequestKeyReused
from tests.support.events import World

KEY = RequestKey(principal="shop", route="POST /orders", key="k-1", digest=b"one content")
OTHERS = [
    RequestKey(principal="mill", route="POST /orders", key="k-1", digest=b"other"),
    RequestKey(principal="shop", route="POST /returns", key="k-1", digest=b"other"),
    RequestKey(principal="shop", route="POST /orders", key="K-1", digest=b"other"),
    RequestKey(principal="shop", route="POST /orders", key="k-2", digest=b"other"),
]


class Told(msgspec.Struct):
    """What a request is answered."""

    balance: int
    note: str


async def add(subject: Subject, world: World, request: RequestKey | None, note: str = "5 штук", n: int = 1) -> Told:
    """Add 5 pieces to a stock, once.

    :param n: number of the adjustment.
    """
    async with subject.open_work(request=request) as work:
        adjusted = await work.book.adjust(world.adjusting(5, n))
        told = Told(adjusted.balance_after, note)
        await work.answer(told)
    return told


async def balance(subject: Subject, world: World) -> int:
    """The stock that requests add to."""
    return await subject.quantity(world.warehouse(1), world.product())


class RequestsSuite(InventorySuite):
    """The answer is kept with the effect, and only with it."""

    async def test_the_answer_comes_again_and_nothing_is_done(self, subject: Subject) -> None:
        w = World()
        told = await add(subject, w, KEY)
        for _ in range(3):
            with pytest.raises(AnsweredBefore) as before:
                await add(subject, w, KEY, "never told")
            assert msgspec.json.decode(before.value.result, type=Told) == told
        assert await balance(subject, w) == 5

    async def test_without_a_key_everything_is_done_each_time(self, subject: Subject) -> None:
        w = World()
        assert [(await add(subject, w, None, n=n)).balance for n in range(3)] == [5, 10, 15]

    async def test_without_an_answer_the_key_is_not_used_up(self, subject: Subject) -> None:
        w = World()
        for n in range(2):
            async with subject.open_work(request=KEY) as work:
                await work.book.adjust(w.adjusting(5, n))
        assert (await add(subject, w, KEY, n=2)).balance == 15

    async def test_an_error_after_the_answer_keeps_neither(self, subject: Subject) -> None:
        w = World()

        async def fail() -> None:
            async with subject.open_work(request=KEY) as work:
                await work.book.adjust(w.adjusting(5))
                await work.answer(Told(5, "lost"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        assert await balance(subject, w) == 0
        assert (await add(subject, w, KEY)).balance == 5

    async def test_another_content_is_refused(self, subject: Subject) -> None:
        w = World()
        await add(subject, w, KEY)
        with pytest.raises(RequestKeyReused):
            await add(subject, w, msgspec.structs.replace(KEY, digest=b"another content"))
        assert await balance(subject, w) == 5

    @pytest.mark.parametrize("other", OTHERS, ids=["principal", "route", "case", "key"])
    async def test_other_requests_are_independent(self, subject: Subject, other: RequestKey) -> None:
        w = World()
        await add(subject, w, KEY)
        assert (await add(subject, w, other, n=2)).balance == 10

    async def test_a_request_that_is_being_done_is_not_begun_again(self, subject: Subject) -> None:
        w = World()
        begun, may_end = asyncio.Event(), asyncio.Event()

        async def first() -> None:
            async with subject.open_work(request=KEY) as work:
                await work.book.adjust(w.adjusting(5))
                await work.answer(Told(5, "first"))
                begun.set()
                await may_end.wait()

        task = asyncio.create_task(first())
        await begun.wait()
        with pytest.raises(RequestInFlight) as refused:
            await add(subject, w, KEY)
        assert refused.value.params["retry_after"] == 1
        may_end.set()
        await task
        with pytest.raises(AnsweredBefore):
            await add(subject, w, KEY)
        assert await balance(subject, w) == 5

    async def test_a_cancelled_request_may_come_again(self, subject: Subject) -> None:
        w, reached = World(), asyncio.Event()

        async def forever() -> None:
            async with subject.open_work(request=KEY) as work:
                await work.book.adjust(w.adjusting(5))
                await work.answer(Told(5, "lost"))
                reached.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(forever())
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await add(subject, w, KEY)).balance == 5

    async def test_fifty_at_once_have_one_effect(self, subject: Subject) -> None:
        w = World()

        async def insist() -> bytes:
            while True:
                try:
                    return msgspec.json.encode(await add(subject, w, KEY))
                except AnsweredBefore as before:
                    return before.result
                except RequestInFlight:
                    await asyncio.sleep(0)

        answers = await asyncio.gather(*(insist() for _ in range(50)))
        assert {msgspec.json.decode(answer, type=Told).balance for answer in answers} == {5}
        assert await balance(subject, w) == 5
