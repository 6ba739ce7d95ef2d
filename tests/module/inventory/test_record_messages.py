"""Messages of warehouses, whatever the door."""

import asyncio
from uuid import UUID

import pytest

from core.inventory.api import BulkResult, Door, MovementStatus, Origin, QuarantineState
from core.inventory.domain.movement import APPLIED, DUPLICATE, PARKED, Outcome, Reason, refused, rejected
from core.inventory.events import DepartureParked, MessageQuarantined, MovementApplied
from core.inventory.usecases.decide_quarantine import RetryQuarantined
from core.inventory.usecases.queries.movements import GetMovement
from core.inventory.usecases.record_messages import Message, RecordMessages, applied
from tests.support.events import World, sample
from tests.support.house import KEEPER, House, open_house

POISON = (None, b"", b"{", b"\xff", b"{}", b'{"a":1,"a":2}', b"[" * 5000)
SAMPLE_WAREHOUSES = UUID("25718666-6af6-4281-b5a6-3016e36fa557"), UUID("c1d70455-7e14-11e9-812a-70106f431230")
SAMPLE_PRODUCT = UUID("4705204f-498f-4f96-b4ba-df17fb56bf55")


async def test_the_walk_of_the_assignment(house: House) -> None:
    await house.adjust(SAMPLE_WAREHOUSES[0], SAMPLE_PRODUCT, 100)
    assert (await house.webhook(sample("departure"))).verdict == APPLIED
    assert [answer.verdict for answer in await house.kafka(sample("arrival"))] == [APPLIED]
    assert [await house.quantity(place, SAMPLE_PRODUCT) for place in SAMPLE_WAREHOUSES] == [0, 98]
    view = await (await house.get(GetMovement))(KEEPER, UUID("c6290746-790e-43fa-8270-014dc90e02e0"))
    assert (view.quantity_diff, view.shortage, view.duration_seconds) == (2, 2, 8520.0)
    assert (view.status, view.matched) == (MovementStatus.COMPLETED, True)


async def test_one_message_50_times_by_both_doors(house: House) -> None:
    event = World().arrival(1)
    by_webhook = asyncio.gather(*(house.webhook(event) for _ in range(25)))
    by_kafka = asyncio.gather(*(house.kafka(event) for _ in range(25)))
    answers = [*await by_webhook, *(answer for (answer,) in await by_kafka)]
    assert sorted(answer.verdict.outcome for answer in answers) == ["applied", *["duplicate"] * 49]
    assert await house.quantity(event.warehouse_id, event.product_id) == 10


async def test_nothing_is_taken_at_once(house: House) -> None:
    assert await house.kafka() == []


async def test_kafka_parks_what_is_short_and_applies_it_later(house: House) -> None:
    w = World()
    short = w.departure(1)
    (answer,) = await house.kafka(short)
    assert (answer.verdict, answer.event is not None) == (PARKED, True)
    assert await house.quarantined() == []
    await house.kafka(w.arrival(2, 12, warehouse=1))
    assert await house.quantity(w.warehouse(1), w.product()) == 2
    parked, came, went = house.heard
    assert isinstance(parked, DepartureParked)
    assert (parked.movement_id, parked.quantity) == (w.movement(1), 10)
    assert [fact.movement_id for fact in (came, went) if isinstance(fact, MovementApplied)] == [
        w.movement(2),
        w.movement(1),
    ]


async def test_what_waits_and_goes_in_one_batch_is_told_in_that_order(house: House) -> None:
    w = World()
    await house.kafka(w.departure(1), w.arrival(2, 12, warehouse=1))
    told = [
        (type(fact), fact.movement_id) for fact in house.heard if isinstance(fact, DepartureParked | MovementApplied)
    ]
    assert [kind for kind, movement in told if movement == w.movement(1)] == [DepartureParked, MovementApplied]


async def test_the_webhook_refuses_what_is_short_and_counts_it(house: House) -> None:
    w = World()
    await house.adjust(w.warehouse(1), w.product(), 4)
    for _ in range(3):
        house.clock.advance(1)
        assert (await house.webhook(w.departure(1))).verdict == refused(6)
    (item,) = await house.quarantined()
    assert (item.reason, item.times, item.movement_id) == ("insufficient_stock", 3, w.movement(1))
    assert (item.origin, item.details) == (Origin(Door.WEBHOOK), {"deficiency": 6})
    assert (item.last_seen - item.first_seen).total_seconds() == 2
    assert await house.quantity(w.warehouse(1), w.product()) == 4


async def test_a_refused_message_that_passes_later_leaves_quarantine(house: House) -> None:
    w = World()
    await house.webhook(w.departure(1))
    await house.webhook(w.arrival(1))
    assert len(await house.quarantined()) == 1
    await house.adjust(w.warehouse(1), w.product(), 10)
    assert (await house.webhook(w.departure(1))).verdict == APPLIED
    assert await house.quarantined() == []
    (item,) = await house.quarantined(QuarantineState.APPLIED)
    assert item.movement_id == w.movement(1)


async def test_poison_between_good_messages_holds_up_nothing(house: House) -> None:
    w = World()
    batch = [each for n, bad in enumerate(POISON) for each in (bad, w.arrival(n, 1))]
    answers = await house.kafka(*batch)
    assert [answer.verdict.outcome for answer in answers] == [Outcome.REJECTED, Outcome.APPLIED] * len(POISON)
    items = (await house.quarantined())[::-1]
    assert [item.origin.offset for item in items] == list(range(0, 2 * len(POISON), 2))
    assert [item.text for item in items] == [None, "", "{", None, "{}", '{"a":1,"a":2}', "[" * 5000]
    assert [item.reason for item in items] == [
        "tombstone",
        "not_json",
        "not_json",
        "not_json",
        "wrong_fields",
        "doubled_key",
        "not_json",
    ]
    told = [fact for fact in house.heard if isinstance(fact, MessageQuarantined)]
    assert [fact.reason for fact in told] == [item.reason for item in items]
    assert {fact.door for fact in told} == {"kafka"}


async def test_a_batch_that_comes_again_changes_nothing_but_counters(house: House) -> None:
    w = World()
    record = await house.get(RecordMessages)
    messages = [house.from_kafka(raw) for raw in (b"{", b"{", None)]
    await record(KEEPER, messages)
    await record(KEEPER, messages)
    assert [item.times for item in await house.quarantined()] == [2, 2, 2]
    await house.kafka(w.arrival(1), w.arrival(1))
    (answer,) = await house.kafka(w.arrival(1))
    assert answer.verdict == DUPLICATE
    assert len(await house.quarantined()) == 3


async def test_a_topic_made_anew_is_another_place(house: House) -> None:
    record = await house.get(RecordMessages)
    place = Origin(Door.KAFKA, "movements", 0, 0)
    await record(KEEPER, [Message(b"{", place)])
    await record(KEEPER, [Message(b"[", place)])
    assert [item.text for item in await house.quarantined()] == ["[", "{"]


@pytest.mark.parametrize("raw", [b"", b"{", b"{}", b'{"a":1,"a":2}'])
async def test_the_sender_of_the_webhook_is_told_and_nothing_is_kept(house: House, raw: bytes) -> None:
    answer = await house.webhook(raw)
    assert answer.problem is not None
    assert answer.verdict == rejected(answer.problem.reason)
    assert answer.event is None
    assert await house.quarantined() == []
    assert house.heard == []


async def test_conflicts_go_to_quarantine_by_both_doors(house: House) -> None:
    w = World()
    await house.webhook(w.arrival(1))
    assert (await house.webhook(w.arrival(1, 11))).verdict == rejected(Reason.CONFLICTING_MESSAGE)
    (answer,) = await house.kafka(w.departure(1, warehouse=2))
    assert answer.verdict == rejected(Reason.SAME_WAREHOUSE)
    kafka, webhook = await house.quarantined()
    assert (kafka.reason, kafka.origin.door, kafka.movement_id) == ("same_warehouse", Door.KAFKA, w.movement(1))
    assert (webhook.reason, webhook.origin.door, webhook.details) == ("conflicting_message", Door.WEBHOOK, {})


@pytest.mark.parametrize("door", list(Door))
async def test_a_subject_that_lies_is_kept(house: House, door: Door) -> None:
    raw = sample("departure").replace(b"WH-3423:DEPARTURE", b"WH-3423:ARRIVAL")
    if door is Door.KAFKA:
        await house.kafka(raw)
    else:
        await house.webhook(raw)
    (item,) = await house.quarantined()
    assert (item.reason, item.text) == ("subject_mismatch", raw.decode())


@pytest.mark.parametrize(
    "raw",
    [rb'{"a\u0000":1,"a\u0000":2}', rb'{"\ud800":1,"\ud800":2}', rb'{"data":{"\ud800\u0000":1}}', rb'{"id":"\udfff"}'],
)
async def test_text_that_no_store_takes_can_be_kept(house: House, raw: bytes) -> None:
    await house.kafka(raw)
    (item,) = await house.quarantined()
    shown = str(item.details).encode()
    assert b"\0" not in shown


async def test_a_fact_tells_the_event(house: House) -> None:
    event = World().arrival(1)
    await house.webhook(event)
    assert house.heard == [applied(event)]


async def test_where_nobody_listens_all_goes_on() -> None:
    w = World()
    async with open_house(wanted=()) as house:
        await house.kafka(w.departure(1), b"{", w.arrival(2, warehouse=1))
        assert (await house.webhook(w.departure(3))).verdict == refused(10)
        await house.adjust(w.warehouse(1), w.product(), 10)
        retry = await house.get(RetryQuarantined)
        assert await retry.bulk(KEEPER, Reason.INSUFFICIENT_STOCK) == BulkResult(1, 0, False)
        assert await house.quantity(w.warehouse(1), w.product()) == 0
        assert house.heard == []


async def test_a_message_that_makes_us_fail_is_set_aside(house: House) -> None:
    record = await house.get(RecordMessages)
    message = house.from_kafka(sample("departure"))
    for _ in range(2):
        await record.set_aside(KEEPER, message, "ZeroDivisionError")
    (item,) = await house.quarantined()
    assert (item.reason, item.details, item.times) == ("unprocessable", {"error": "ZeroDivisionError"}, 2)
    assert isinstance(house.heard[0], MessageQuarantined)
