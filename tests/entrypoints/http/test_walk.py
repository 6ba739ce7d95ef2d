"""The walk of the README, and the answers of the webhook."""

import asyncio

import msgspec
import pytest

from entrypoints.http.inventory.examples import DESTINATION, ENVELOPE, MOVEMENT, PRODUCT, SOURCE
from tests.support.http import MOVEMENTS, WAREHOUSE, WEBHOOK, Client, sample


async def test_the_walk(stored: Client) -> None:
    adjusted, departed, arrived = await stored.walk()
    assert adjusted.status_code == 201
    assert adjusted.json()["balance_after"] == 100
    processed = {
        "status": "processed",
        "message_id": str(ENVELOPE),
        "movement_id": str(MOVEMENT),
        "details": {"duplicate": False},
    }
    assert (departed.status_code, departed.json()) == (200, processed)
    assert (arrived.status_code, arrived.json()) == (200, processed)
    assert (await stored.quantity(SOURCE), await stored.quantity(DESTINATION)) == (0, 98)
    movement = await stored.get(f"{MOVEMENTS}/{MOVEMENT}")
    assert movement.status_code == 200
    assert movement.json() == {
        "movement_id": str(MOVEMENT),
        "product_id": str(PRODUCT),
        "source_warehouse_id": str(SOURCE),
        "destination_warehouse_id": str(DESTINATION),
        "departure_time": "2025-02-18T12:12:56Z",
        "arrival_time": "2025-02-18T14:34:56Z",
        "duration_seconds": 8520.0,
        "departed_quantity": 100,
        "arrived_quantity": 98,
        "quantity_diff": 2,
        "shortage": 2,
        "surplus": 0,
        "matched": True,
        "status": "completed",
        "flags": ["shortage"],
        "variance": "open",
        "decision": None,
    }


async def test_a_half_alone_leaves_the_other_null(stored: Client) -> None:
    await stored.adjust(100)
    await stored.post(WEBHOOK, sample("departure"))
    movement = (await stored.get(f"{MOVEMENTS}/{MOVEMENT}")).json()
    assert movement["status"] == "in_transit"
    empty = [name for name, value in movement.items() if value is None]
    assert empty == [
        "destination_warehouse_id",
        "arrival_time",
        "duration_seconds",
        "arrived_quantity",
        "quantity_diff",
        "shortage",
        "surplus",
        "variance",
        "decision",
    ]
    transit = (await stored.get(f"{WAREHOUSE}/in-transit?warehouse_id={SOURCE}")).json()
    assert [(item["movement_id"], item["quantity"]) for item in transit["items"]] == [(str(MOVEMENT), 100)]
    totals = (await stored.get(f"{WAREHOUSE}/in-transit/totals")).json()
    assert [(item["movements"], item["quantity"]) for item in totals["items"]] == [(1, 100)]


async def test_a_departure_without_stock_is_refused_and_kept(stored: Client) -> None:
    answer = await stored.post(WEBHOOK, sample("departure"))
    problem = answer.json()
    assert answer.status_code == 409
    assert problem["code"] == "inventory.insufficient_stock"
    assert problem["deficiency"] == 100
    assert problem["message"] == problem["detail"] == "The stock does not cover it: 100 pieces are missing."
    assert (await stored.get(f"{MOVEMENTS}/{MOVEMENT}")).status_code == 404
    (item,) = (await stored.get(f"{WAREHOUSE}/quarantine")).json()["items"]
    assert (item["reason"], item["details"], item["text"]) == (
        "insufficient_stock",
        {"deficiency": 100},
        sample("departure").decode(),
    )


async def test_a_refused_message_is_judged_anew(stored: Client) -> None:
    assert (await stored.post(WEBHOOK, sample("departure"))).status_code == 409
    await stored.adjust(100)
    again = await stored.post(WEBHOOK, sample("departure"))
    assert (again.status_code, again.json()["details"]) == (200, {"duplicate": False})
    (item,) = (await stored.get(f"{WAREHOUSE}/quarantine")).json()["items"]
    assert item["state"] == "applied"


async def test_the_same_message_in_parallel_counts_once(stored: Client) -> None:
    await stored.adjust(1000)
    answers = await asyncio.gather(*(stored.post(WEBHOOK, sample("departure")) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json()["details"]["duplicate"] for answer in answers].count(False) == 1
    assert await stored.quantity() == 900


async def test_another_content_under_the_same_keys_is_a_conflict(stored: Client) -> None:
    await stored.walk()
    answer = await stored.post(
        WEBHOOK,
        sample("departure").replace(b'"quantity":100', b'"quantity":99').replace(b'"quantity": 100', b'"quantity": 99'),
    )
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "inventory.conflicting_message")
    assert problem["context"] == {"movement_id": str(MOVEMENT), "reason": "conflicting_message"}
    assert problem["message"] == problem["detail"]


async def test_only_data_is_needed(stored: Client) -> None:
    await stored.adjust(100)
    data = msgspec.json.decode(sample("departure"))["data"]
    answer = await stored.post(WEBHOOK, {"data": data})
    assert (answer.status_code, answer.json()["message_id"]) == (200, None)


@pytest.mark.parametrize(
    "change, code",
    [
        ({"subject": "WH-3423:ARRIVAL"}, "inventory.subject_mismatch"),
        ({"subject": "WH-1111:DEPARTURE"}, "inventory.subject_mismatch"),
        ({"dataschema": "ru.retail.warehouses.movement.v2.0"}, "inventory.unsupported_schema"),
        ({"type": "other"}, "kernel.wrong_fields"),
        ({"id": "7"}, "kernel.wrong_fields"),
    ],
)
async def test_what_breaks_a_rule_is_unprocessable(stored: Client, change: dict[str, str], code: str) -> None:
    answer = await stored.post(WEBHOOK, {**msgspec.json.decode(sample("departure")), **change})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["message"]


async def test_every_wrong_field_is_named(stored: Client) -> None:
    data = {"movement_id": 1, "warehouse_id": "x", "timestamp": "2025-02-18T12:12:56", "event": "left", "odd": 1}
    answer = await stored.post(WEBHOOK, {"data": data, "source": "WH-1"})
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [
        ("/data/movement_id", "wrong_type"),
        ("/data/warehouse_id", "bad_uuid"),
        ("/data/timestamp", "naive_time"),
        ("/data/event", "not_one_of"),
        ("/data/product_id", "missing"),
        ("/data/quantity", "missing"),
        ("/data/odd", "unknown"),
        ("/source", "too_short"),
        ("/source", "pattern"),
    ]
