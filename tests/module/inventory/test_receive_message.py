"""One message from a sender who waits for the answer."""

from uuid import UUID

import pytest

from core.inventory.domain.errors import ConflictingMessage, InsufficientStock, SubjectMismatch, UnsupportedSchema
from core.inventory.usecases.receive_message import Received, ReceiveMessage
from core.kernel.errors import SotyError
from core.kernel.wire import DoubledKey, NotJson, WrongFields
from tests.support.events import World, message_of, sample
from tests.support.house import KEEPER, House

SAMPLE_ID = UUID("b3b53031-e83a-4654-87f5-b6b6fb09fd99")
SAMPLE_MOVEMENT = UUID("c6290746-790e-43fa-8270-014dc90e02e0")


async def test_the_sender_is_told_what_became_of_it(house: House) -> None:
    receive = await house.get(ReceiveMessage)
    assert await receive(KEEPER, sample("arrival")) == Received(SAMPLE_ID, SAMPLE_MOVEMENT, False)
    assert await receive(KEEPER, sample("arrival")) == Received(SAMPLE_ID, SAMPLE_MOVEMENT, True)


@pytest.mark.parametrize(
    "raw,error,kept",
    [
        (b"{", NotJson, 0),
        (b"\xff", NotJson, 0),
        (b'{"a":1,"a":2}', DoubledKey, 0),
        (b"{}", WrongFields, 0),
        (sample("departure").replace(b":DEPARTURE", b":ARRIVAL"), SubjectMismatch, 1),
        (sample("departure").replace(b"v1.0", b"v2.0"), UnsupportedSchema, 1),
        (sample("departure"), InsufficientStock, 1),
    ],
)
async def test_the_sender_is_told_why_not(house: House, raw: bytes, error: type[SotyError], kept: int) -> None:
    receive = await house.get(ReceiveMessage)
    with pytest.raises(error):
        await receive(KEEPER, raw)
    assert len(await house.quarantined()) == kept


async def test_a_refusal_says_what_is_missing(house: House) -> None:
    w = World()
    await house.adjust(w.warehouse(1), w.product(), 4)
    with pytest.raises(InsufficientStock) as refusal:
        await (await house.get(ReceiveMessage))(KEEPER, message_of(w.departure(1)))
    assert refusal.value.params == {
        "movement_id": str(w.movement(1)),
        "warehouse_id": str(w.warehouse(1)),
        "product_id": str(w.product()),
        "deficiency": 6,
    }


async def test_a_contradiction_says_which(house: House) -> None:
    w = World()
    receive = await house.get(ReceiveMessage)
    await receive(KEEPER, message_of(w.arrival(1)))
    with pytest.raises(ConflictingMessage) as refusal:
        await receive(KEEPER, message_of(w.departure(1, warehouse=2)))
    assert refusal.value.params == {"movement_id": str(w.movement(1)), "reason": "same_warehouse"}
