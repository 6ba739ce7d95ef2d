"""Messages by POST that come at once share a transaction and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import ClassVar

import msgspec
import pytest

from core.inventory.usecases.receive_message import Received, ReceiveMessage
from core.kernel.actor import Actor
from core.kernel.errors import SotyError, Unavailable
from core.kernel.requests import RequestKey
from entrypoints.http.inventory.webhook import receive_together
from tests.entrypoints.http.test_batch import arrival, departure
from tests.support.house import KEEPER, House, open_house
from tests.support.http import WEBHOOK, Client

BROKEN = msgspec.json.encode(arrival(13))


class Breaking(ReceiveMessage):
    """Takes messages, notes how many at a time, and fails at one."""

    sizes: ClassVar[list[int]]
    error: ClassVar[type[Exception]]

    async def __call__(self, actor: Actor, raw: bytes, *, request: RequestKey | None = None) -> Received:
        self.sizes.append(1)
        if raw == BROKEN:
            raise self.error
        return await ReceiveMessage.__call__(self, actor, raw, request=request)

    async def together(self, actor: Actor, raws: Sequence[bytes]) -> list[Received | SotyError]:
        self.sizes.append(len(raws))
        if BROKEN in raws:
            raise self.error
        return await ReceiveMessage.together(self, actor, raws)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """Use cases over memory."""
    async with open_house() as house:
        yield house


async def taken(house: House, error: type[Exception], *raws: bytes) -> tuple[list[object], list[int]]:
    """What senders are told whose messages come at once, and how many were taken at a time."""
    breaking = type("Taking", (Breaking,), {"sizes": [], "error": error})((await house.get(ReceiveMessage)).record)
    receive = receive_together(breaking)
    told = await asyncio.gather(*(receive(KEEPER, raw) for raw in raws), return_exceptions=True)
    return list(told), breaking.sizes


async def test_each_sender_is_told_of_his_own_message(stored: Client) -> None:
    good = [msgspec.json.encode(arrival(number)) for number in (1, 2)]
    answers = await asyncio.gather(*(stored.post(WEBHOOK, body) for body in (*good, b"{", {"data": {}}, departure())))
    assert [answer.status_code for answer in answers] == [200, 200, 400, 422, 409]
    assert [answer.json()["movement_id"][-1] for answer in answers[:2]] == ["1", "2"]
    assert answers[4].json()["code"] == "inventory.insufficient_stock"
    assert await stored.quantity() == 2


async def test_they_share_a_transaction(house: House) -> None:
    told, sizes = await taken(house, ZeroDivisionError, *(msgspec.json.encode(arrival(number)) for number in range(5)))
    assert all(isinstance(each, Received) for each in told)
    assert sizes == [5]


async def test_one_that_makes_us_fail_fails_no_other(house: House) -> None:
    good = msgspec.json.encode(arrival(1))
    told, sizes = await taken(house, ZeroDivisionError, good, BROKEN, b"{")
    assert isinstance(told[0], Received)
    assert isinstance(told[1], ZeroDivisionError)
    assert isinstance(told[2], SotyError)
    assert sizes == [3, 1, 1, 1]


async def test_where_nothing_can_be_kept_all_are_told_so_at_once(house: House) -> None:
    told, sizes = await taken(house, Unavailable, msgspec.json.encode(arrival(1)), BROKEN)
    assert [type(each) for each in told] == [Unavailable, Unavailable]
    assert sizes == [2]
