"""Many messages in one request."""

from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from entrypoints.http.inventory.examples import MOVEMENT, PRODUCT, SOURCE
from tests.support.http import MOVEMENTS, QUARANTINE, WEBHOOK, Client, sample

BATCH = WEBHOOK + "/batch"


def arrival(number: int, quantity: int = 1) -> dict[str, Any]:
    """A message of the envelope's only needed part."""
    return {
        "data": {
            "movement_id": UUID(int=number),
            "warehouse_id": SOURCE,
            "product_id": PRODUCT,
            "timestamp": "2025-02-18T12:12:56Z",
            "event": "arrival",
            "quantity": quantity,
        }
    }


def departure() -> Any:
    """The sample's departure of 100 pieces."""
    return msgspec.json.decode(sample("departure"))


async def test_each_message_has_its_result_in_order(stored: Client) -> None:
    unreadable: Any = {"data": {}}
    broken = b'{"data": 1, "data": 2}'
    body = b"[" + b",".join([*map(msgspec.json.encode, [arrival(1, 30), unreadable]), broken]) + b","
    body += b",".join(map(msgspec.json.encode, [arrival(1, 30), departure(), arrival(2, 70)])) + b"]"
    answer = await stored.post(BATCH, body)
    assert answer.status_code == 207
    result = answer.json()
    assert [item["status"] for item in result["items"]] == [200, 422, 400, 200, 409, 200]
    assert (result["processed"], result["refused"]) == (3, 3)
    assert [item["problem"] and item["problem"]["code"] for item in result["items"]] == [
        None,
        "kernel.wrong_fields",
        "kernel.doubled_key",
        None,
        "inventory.insufficient_stock",
        None,
    ]
    assert [item["answer"]["details"]["duplicate"] for item in result["items"] if item["answer"]] == [
        False,
        True,
        False,
    ]
    assert result["items"][4]["problem"]["context"]["deficiency"] == 70
    assert {error["field"] for error in result["items"][1]["problem"]["errors"]} >= {"/data/movement_id"}
    assert await stored.quantity() == 100
    (item,) = (await stored.get(QUARANTINE)).json()["items"]
    assert msgspec.json.decode(item["text"]) == departure()


async def test_it_is_the_same_as_one_after_another(stored: Client) -> None:
    answer = await stored.post(BATCH, [arrival(1, 100), departure(), departure()])
    assert [item["status"] for item in answer.json()["items"]] == [200, 200, 200]
    assert [item["answer"]["details"]["duplicate"] for item in answer.json()["items"]] == [False, False, True]
    assert await stored.quantity() == 0
    assert (await stored.get(f"{MOVEMENTS}/{MOVEMENT}")).json()["departed_quantity"] == 100


async def test_the_same_refusal_twice_is_one_item(stored: Client) -> None:
    answer = await stored.post(BATCH, [departure(), departure()])
    assert [item["status"] for item in answer.json()["items"]] == [409, 409]
    (item,) = (await stored.get(QUARANTINE)).json()["items"]
    assert item["times"] == 2


async def test_a_thousand_messages_are_one_batch(stored: Client) -> None:
    answer = await stored.post(BATCH, [arrival(number) for number in range(1, 1001)])
    assert answer.json()["processed"] == 1000
    assert await stored.quantity() == 1000


async def test_a_batch_under_a_key_is_taken_once(stored: Client) -> None:
    headers = {"idempotency-key": str(uuid4())}
    body = [arrival(1), departure()]
    first = await stored.post(BATCH, body, **headers)
    again = await stored.post(BATCH, body, **headers)
    assert (again.status_code, again.json()) == (207, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    russian = await stored.post(BATCH, body, **headers, **{"accept-language": "ru"})
    assert russian.json()["items"][1]["problem"]["detail"].startswith("Остат")
    assert await stored.quantity() == 1


@pytest.mark.parametrize(
    "body, status, code",
    [
        (b"{}", 422, "kernel.wrong_fields"),
        (b"[]", 422, "kernel.wrong_fields"),
        (b"", 400, "kernel.not_json"),
        (b"[1,", 400, "kernel.not_json"),
        (b"[" * 5000, 400, "kernel.not_json"),
        (b"[" + b",".join([b"1"] * 1001) + b"]", 422, "kernel.wrong_fields"),
    ],
)
async def test_what_is_no_batch_is_refused(client: Client, body: bytes, status: int, code: str) -> None:
    answer = await client.post(BATCH, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_messages_of_strange_shapes_are_refused_one_by_one(client: Client) -> None:
    answer = await client.post(
        BATCH, b'[1, null, "x", [], {"data": {"\xff": 1}}, {"a": ' + b"[" * 150 + b"]" * 150 + b"}]"
    )
    assert answer.status_code == 207, answer.text
    assert answer.json()["processed"] == 0


async def test_errors_shown_are_few(client: Client) -> None:
    message = {"data": {f"unknown-{n}": 1 for n in range(200)}}
    (item,) = (await client.post(BATCH, [message])).json()["items"]
    assert len(item["problem"]["errors"]) == 10


async def test_no_stock_is_read_without_the_key(locked: Client) -> None:
    assert (await locked.post(BATCH, [arrival(1)])).status_code == 401
