"""What each route answers when all is well."""

from uuid import UUID

import pytest

from entrypoints.http.inventory.examples import DESTINATION, MOVEMENT, PRODUCT, SOURCE
from tests.support.http import ADJUSTMENTS, MOVEMENTS, QUARANTINE, WAREHOUSE, WEBHOOK, Client, sample

NOBODY = UUID(int=0)


async def test_unknown_pairs_hold_nothing(stored: Client) -> None:
    answer = await stored.get(f"{WAREHOUSE}/{NOBODY}/products/{NOBODY}")
    assert answer.status_code == 200
    assert answer.json() == {"warehouse_id": str(NOBODY), "product_id": str(NOBODY), "quantity": 0}


async def test_identifiers_may_be_in_capitals(stored: Client) -> None:
    await stored.adjust(7)
    answer = await stored.get(f"{WAREHOUSE}/{str(SOURCE).upper()}/products/{str(PRODUCT).upper()}")
    assert answer.json()["quantity"] == 7


async def test_lists_are_empty_at_first(stored: Client) -> None:
    for path in (
        MOVEMENTS,
        WAREHOUSE,
        ADJUSTMENTS,
        QUARANTINE,
        f"{WAREHOUSE}/in-transit",
        f"{WAREHOUSE}/in-transit/totals",
        f"{WAREHOUSE}/{NOBODY}/products",
        f"{WAREHOUSE}/{NOBODY}/products/{NOBODY}/ledger",
    ):
        answer = await stored.get(path)
        assert (answer.status_code, answer.json()) == (200, {"items": [], "next_cursor": None}), path


async def test_lists_show_what_happened(stored: Client) -> None:
    await stored.walk()
    movements = (await stored.get(f"{MOVEMENTS}?status=completed&product_id={PRODUCT}")).json()
    assert [item["movement_id"] for item in movements["items"]] == [str(MOVEMENT)]
    assert (await stored.get(f"{MOVEMENTS}?status=pending")).json()["items"] == []
    assert (await stored.get(f"{MOVEMENTS}?warehouse_id={NOBODY}")).json()["items"] == []
    warehouses = (await stored.get(WAREHOUSE)).json()["items"]
    assert {item["warehouse_id"]: item["quantity"] for item in warehouses} == {str(SOURCE): 0, str(DESTINATION): 98}
    (product,) = (await stored.get(f"{WAREHOUSE}/{DESTINATION}/products")).json()["items"]
    assert (product["product_id"], product["quantity"]) == (str(PRODUCT), 98)
    (adjustment,) = (await stored.get(f"{ADJUSTMENTS}?warehouse_id={SOURCE}")).json()["items"]
    assert (adjustment["delta"], adjustment["actor"]) == (100, "api-key")


async def test_a_stock_has_a_past(stored: Client) -> None:
    await stored.walk()
    path = f"{WAREHOUSE}/{DESTINATION}/products/{PRODUCT}"
    (entry,) = (await stored.get(f"{path}/ledger")).json()["items"]
    assert (entry["cause"], entry["delta"], entry["balance_after"]) == ("arrival", 98, 98)
    assert entry["movement_id"] == str(MOVEMENT)
    known = {"warehouse_id": str(DESTINATION), "product_id": str(PRODUCT)}
    arrived, before = entry["occurred_at"], "2001-02-03T04:05:06Z"
    answer = (await stored.get(f"{path}?as_of={arrived}")).json()
    assert answer == known | {"quantity": 98, "as_of": arrived, "by": "event", "flags": []}
    answer = (await stored.get(f"{path}?as_of={before}&by=recorded")).json()
    assert answer == known | {"quantity": 0, "as_of": before, "by": "recorded", "flags": []}
    left = f"{WAREHOUSE}/{SOURCE}/products/{PRODUCT}?as_of=2025-02-18T13:00:00Z"
    answer = (await stored.get(left)).json()
    assert (answer["quantity"], answer["flags"]) == (-100, ["backdated_negative"])


@pytest.mark.parametrize("as_of", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59"])
async def test_a_moment_beyond_all_events_is_none_of_our_troubles(stored: Client, as_of: str) -> None:
    for basis in ("event", "recorded"):
        answer = await stored.get(f"{WAREHOUSE}/{NOBODY}/products/{NOBODY}?as_of={as_of}&by={basis}")
        assert (answer.status_code, answer.json()["quantity"]) == (200, 0)


async def test_a_moment_needs_a_zone(stored: Client) -> None:
    answer = await stored.get(f"{WAREHOUSE}/{NOBODY}/products/{NOBODY}?as_of=2025-02-18T12:00:00")
    assert answer.status_code == 422


async def test_a_list_goes_on_at_its_cursor(stored: Client) -> None:
    for _ in range(5):
        await stored.adjust(1)
    found = list[str]()
    cursor: str | None = ""
    while cursor is not None:
        page = (await stored.get(f"{ADJUSTMENTS}?limit=2{cursor and f'&cursor={cursor}'}")).json()
        assert len(page["items"]) <= 2
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert len(set(found)) == len(found) == 5


@pytest.mark.parametrize("delta, status, code", [(-1, 409, "insufficient_stock"), (0, 422, "nothing_to_adjust")])
async def test_adjustments_that_cannot_be(stored: Client, delta: int, status: int, code: str) -> None:
    answer = await stored.adjust(delta)
    assert (answer.status_code, answer.json()["code"]) == (status, f"inventory.{code}")
    assert "message" not in answer.json()


async def test_a_movement_is_taken_back(stored: Client) -> None:
    await stored.adjust(100)
    await stored.post(WEBHOOK, sample("departure"))
    path = f"{MOVEMENTS}/{MOVEMENT}/cancel"
    assert (await stored.post(path, {})).status_code == 422
    answer = await stored.post(path, {"note": "came back"})
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert (await stored.get(f"{MOVEMENTS}/{MOVEMENT}")).json() == answer.json()
    assert (answer.json()["decision"]["actor"], answer.json()["decision"]["note"]) == ("api-key", "came back")
    assert await stored.quantity() == 100
    again = (await stored.post(path, {"note": "again"})).json()
    assert (again["status"], again["code"], again["context"]["status"]) == (409, "inventory.not_under_way", "cancelled")
    late = (await stored.post(WEBHOOK, sample("arrival"))).json()
    assert (late["status"], late["code"], late["context"]["reason"]) == (
        409,
        "inventory.conflicting_message",
        "movement_cancelled",
    )
    assert len((await stored.get(f"{QUARANTINE}?reason=movement_cancelled")).json()["items"]) == 1
    assert (await stored.post(f"{MOVEMENTS}/{NOBODY}/cancel", {"note": "x"})).status_code == 404


async def test_what_was_missing_is_found(stored: Client) -> None:
    await stored.walk()
    path = f"{MOVEMENTS}/{MOVEMENT}/resolve"
    assert [item["variance"] for item in (await stored.get(f"{MOVEMENTS}?variance=open")).json()["items"]] == ["open"]
    answer = await stored.post(path, {"outcome": "found", "note": "behind the pallet"})
    assert (answer.status_code, answer.json()["variance"]) == (200, "resolved")
    assert (await stored.get(f"{MOVEMENTS}/{MOVEMENT}")).json() == answer.json()
    stock = (await stored.get(f"{WAREHOUSE}/{DESTINATION}/products/{PRODUCT}")).json()
    assert stock["quantity"] == 100
    assert (await stored.get(f"{MOVEMENTS}?variance=open")).json()["items"] == []
    again = await stored.post(path, {"outcome": "lost"})
    assert (again.status_code, again.json()["code"]) == (409, "inventory.variance_already_resolved")
    assert (await stored.post(path, {"outcome": "cancelled"})).status_code == 422


async def _quarantined(stored: Client) -> str:
    await stored.post(WEBHOOK, sample("departure"))
    item: str = (await stored.get(f"{QUARANTINE}?state=open&reason=insufficient_stock")).json()["items"][0]["id"]
    return item


async def test_a_retry_that_fails_leaves_the_message_open(stored: Client) -> None:
    item = await _quarantined(stored)
    answer = await stored.post(f"{QUARANTINE}/{item}/retry", b"")
    assert answer.status_code == 200
    assert answer.json() == {"outcome": "refused", "reason": "insufficient_stock", "deficiency": 100}
    assert (await stored.get(f"{QUARANTINE}/{item}")).json()["state"] == "open"


async def test_a_retry_that_works_closes_the_message(stored: Client) -> None:
    item = await _quarantined(stored)
    await stored.adjust(100)
    answer = await stored.post(f"{QUARANTINE}/{item}/retry", {"note": "counted"})
    assert (answer.status_code, answer.json()["outcome"]) == (200, "applied")
    closed = (await stored.get(f"{QUARANTINE}/{item}")).json()
    assert (closed["state"], closed["closed_by"], closed["note"]) == ("applied", "api-key", "counted")
    again = await stored.post(f"{QUARANTINE}/{item}/retry", {})
    assert (again.status_code, again.json()["code"]) == (409, "inventory.quarantine_item_closed")
    assert await stored.quantity() == 0


async def test_a_discarded_message_stays_readable(stored: Client) -> None:
    item = await _quarantined(stored)
    answer = await stored.post(f"{QUARANTINE}/{item}/discard", {"note": "a mistake"})
    assert (answer.status_code, answer.json()) == (200, {"state": "discarded"})
    assert (await stored.get(f"{QUARANTINE}/{item}")).json()["text"] == sample("departure").decode()
    assert (await stored.post(f"{QUARANTINE}/{item}/discard", {"note": "again"})).status_code == 409


async def test_discarding_needs_a_note(stored: Client) -> None:
    item = await _quarantined(stored)
    for body in (b"", {}, {"note": ""}, {"note": "a\0b"}):
        answer = await stored.post(f"{QUARANTINE}/{item}/discard", body)
        assert answer.status_code in (400, 422)


async def test_messages_of_a_reason_are_decided_together(stored: Client) -> None:
    await _quarantined(stored)
    refused = await stored.post(f"{QUARANTINE}/retry", {"reason": "insufficient_stock", "note": "x"})
    assert (refused.status_code, refused.json()) == (200, {"closed": 0, "left_open": 1, "more": False})
    discarded = await stored.post(f"{QUARANTINE}/discard", {"reason": "insufficient_stock", "note": "x"})
    assert (discarded.status_code, discarded.json()) == (200, {"closed": 1, "left_open": 0, "more": False})


async def test_unknown_messages_are_not_found(stored: Client) -> None:
    for answer in (
        await stored.get(f"{QUARANTINE}/{NOBODY}"),
        await stored.post(f"{QUARANTINE}/{NOBODY}/retry", {}),
        await stored.post(f"{QUARANTINE}/{NOBODY}/discard", {"note": "x"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "inventory.quarantine_item_not_found")
