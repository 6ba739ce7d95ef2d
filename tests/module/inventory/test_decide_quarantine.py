"""Retry and discard, one or many."""

from uuid import UUID

import pytest

from core.inventory.api import BulkResult, QuarantineState, QuarantineView
from core.inventory.domain.errors import QuarantineItemClosed, QuarantineItemNotFound
from core.inventory.domain.movement import APPLIED, DUPLICATE, Reason, refused, rejected
from core.inventory.events import MovementApplied
from core.inventory.usecases import decide_quarantine
from core.inventory.usecases.decide_quarantine import DiscardQuarantined, RetryQuarantined
from core.inventory.usecases.queries.quarantine import GetQuarantineItem
from tests.support.events import World
from tests.support.house import KEEPER, House

NOBODY = UUID(int=1)


async def one(house: House, state: QuarantineState = QuarantineState.OPEN) -> QuarantineView:
    """The only item of a state."""
    (item,) = await house.quarantined(state)
    return item


async def trail(house: House, item: QuarantineView) -> list[tuple[str, str, dict[str, object]]]:
    """Who did what to an item."""
    entries = await house.trail(str(item.id))
    return [(entry.actor, entry.action, entry.details) for entry in entries]


async def test_a_retry_applies_what_passes_now(house: House) -> None:
    w = World()
    await house.webhook(w.departure(1, minute=7))
    await house.adjust(w.warehouse(1), w.product(), 10)
    item = await one(house)
    house.heard.clear()
    retry = await house.get(RetryQuarantined)
    assert await retry(KEEPER, item.id, note="goods found") == APPLIED
    closed = await one(house, QuarantineState.APPLIED)
    assert (closed.closed_by, closed.note) == ("keeper", "goods found")
    (fact,) = house.heard
    assert isinstance(fact, MovementApplied)
    assert fact.occurred_at == w.departure(1, minute=7).occurred_at
    assert await trail(house, item) == [
        ("keeper", "inventory.quarantine.retry", {"note": "goods found", "outcome": "applied", "reason": None})
    ]


async def test_a_retry_tells_what_it_let_go(house: House) -> None:
    w = World()
    await house.webhook(w.departure(1, warehouse=2, product=2))
    await house.adjust(w.warehouse(2), w.product(2), 10)
    await house.webhook(w.arrival(9, warehouse=3))
    await house.kafka(w.arrival(9, 1, warehouse=3))
    await house.kafka(w.departure(5, 8, warehouse=3), w.departure(6, 8, warehouse=3))
    items = await house.quarantined()
    assert {item.reason for item in items} == {"insufficient_stock", "conflicting_message"}
    house.heard.clear()
    retry = await house.get(RetryQuarantined)
    for item in items:
        await retry(KEEPER, item.id)
    assert [fact.movement_id for fact in house.heard if isinstance(fact, MovementApplied)] == [w.movement(1)]


async def test_what_became_known_meanwhile_is_closed(house: House) -> None:
    w = World()
    await house.webhook(w.departure(1))
    item = await one(house)
    await house.adjust(w.warehouse(1), w.product(), 10)
    await house.kafka(w.departure(1))
    assert await (await house.get(RetryQuarantined))(KEEPER, item.id) == DUPLICATE
    assert (await one(house, QuarantineState.APPLIED)).id == item.id
    assert await house.quantity(w.warehouse(1), w.product()) == 0


async def test_a_retry_that_fails_stays_open_with_the_new_reason(house: House) -> None:
    w = World()
    await house.webhook(w.departure(1))
    item = await one(house)
    retry = await house.get(RetryQuarantined)
    await house.adjust(w.warehouse(1), w.product(), 4)
    assert await retry(KEEPER, item.id) == refused(6)
    assert (await one(house)).details == {"deficiency": 6}
    await house.kafka(w.departure(1, 3))
    assert await retry(KEEPER, item.id) == rejected(Reason.CONFLICTING_MESSAGE)
    found = await one(house)
    assert (found.reason, found.details, found.times) == ("conflicting_message", {}, 1)
    assert [details["outcome"] for _, _, details in await trail(house, item)] == ["refused", "rejected"]


@pytest.mark.parametrize(
    "raw,reason", [(None, "tombstone"), (b"{}", "wrong_fields"), (b'{"a":1,"a":2}', "doubled_key")]
)
async def test_a_retry_of_what_cannot_be_read(house: House, raw: bytes | None, reason: str) -> None:
    await house.kafka(raw)
    item = await one(house)
    assert await (await house.get(RetryQuarantined))(KEEPER, item.id) == rejected(Reason(reason))
    found = await one(house)
    assert (found.reason, found.details) == (item.reason, item.details)


async def test_a_retry_reads_as_the_door_reads(house: House) -> None:
    w = World()
    bare = b'{"data":' + (await _data(w)) + b"}"
    await house.kafka(bare)
    assert await (await house.get(RetryQuarantined))(KEEPER, (await one(house)).id) == rejected(Reason.WRONG_FIELDS)
    assert (await house.webhook(bare)).verdict == refused(10)
    webhook = (await house.quarantined())[0]
    await house.adjust(w.warehouse(1), w.product(), 10)
    assert await (await house.get(RetryQuarantined))(KEEPER, webhook.id) == APPLIED


async def _data(w: World) -> bytes:
    return (
        f'{{"movement_id":"{w.movement(1)}","warehouse_id":"{w.warehouse(1)}","timestamp":"2025-02-18T12:00:00Z",'
        f'"event":"departure","product_id":"{w.product()}","quantity":10}}'
    ).encode()


async def test_a_discard_keeps_the_bytes_and_says_why(house: House) -> None:
    await house.kafka(b"{")
    item = await one(house)
    await (await house.get(DiscardQuarantined))(KEEPER, item.id, note="a test of theirs")
    found = await (await house.get(GetQuarantineItem))(KEEPER, item.id)
    assert (found.state, found.closed_by, found.note, found.text) == (
        QuarantineState.DISCARDED,
        "keeper",
        "a test of theirs",
        "{",
    )
    assert await trail(house, item) == [
        ("keeper", "inventory.quarantine.discard", {"note": "a test of theirs", "outcome": "discarded"})
    ]


async def test_what_is_decided_is_decided(house: House) -> None:
    await house.kafka(b"{")
    item = await one(house)
    retry, discard = await house.get(RetryQuarantined), await house.get(DiscardQuarantined)
    await discard(KEEPER, item.id, note="")
    with pytest.raises(QuarantineItemClosed) as closed:
        await retry(KEEPER, item.id)
    assert closed.value.params == {"id": str(item.id), "state": "discarded"}
    with pytest.raises(QuarantineItemClosed):
        await discard(KEEPER, item.id, note="")
    assert len(await trail(house, item)) == 1


async def test_what_is_not_there(house: House) -> None:
    with pytest.raises(QuarantineItemNotFound):
        await (await house.get(RetryQuarantined))(KEEPER, NOBODY)
    with pytest.raises(QuarantineItemNotFound):
        await (await house.get(DiscardQuarantined))(KEEPER, NOBODY, note="")
    with pytest.raises(QuarantineItemNotFound):
        await (await house.get(GetQuarantineItem))(KEEPER, NOBODY)


async def test_bulk_retry_goes_oldest_first_through_a_mixed_lot(house: House) -> None:
    w = World()
    for n in (1, 2, 3):
        await house.webhook(w.departure(n, 10))
    await house.kafka(b"{")
    await house.adjust(w.warehouse(1), w.product(), 20)
    retry = await house.get(RetryQuarantined)
    assert await retry.bulk(KEEPER, Reason.INSUFFICIENT_STOCK, note="found") == BulkResult(2, 1, False)
    left, other = (await house.quarantined())[::-1]
    assert (left.movement_id, other.reason) == (w.movement(3), "not_json")
    assert {item.note for item in await house.quarantined(QuarantineState.APPLIED)} == {"found"}
    assert len(await trail(house, left)) == 1
    assert await retry.bulk(KEEPER, Reason.TOMBSTONE) == BulkResult(0, 0, False)


async def test_bulk_discard(house: House) -> None:
    await house.kafka(b"{", b"[", None)
    discard = await house.get(DiscardQuarantined)
    assert await discard.bulk(KEEPER, Reason.NOT_JSON, note="noise") == BulkResult(2, 0, False)
    assert (await one(house)).reason == "tombstone"
    for item in await house.quarantined(QuarantineState.DISCARDED):
        assert [details for _, _, details in await trail(house, item)] == [{"note": "noise", "outcome": "discarded"}]


async def test_bulk_acts_are_bounded_and_say_that_more_wait(house: House) -> None:
    await house.kafka(*[b"{"] * (decide_quarantine.BULK + 5))
    discard, retry = await house.get(DiscardQuarantined), await house.get(RetryQuarantined)
    assert await retry.bulk(KEEPER, Reason.NOT_JSON) == BulkResult(0, 500, True)
    assert await discard.bulk(KEEPER, Reason.NOT_JSON, note="") == BulkResult(500, 0, True)
    assert await discard.bulk(KEEPER, Reason.NOT_JSON, note="") == BulkResult(5, 0, False)
