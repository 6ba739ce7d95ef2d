"""Stocktakes over HTTP."""

from typing import Any

import httpx

from tests.support.http import PRODUCT, SOURCE, WAREHOUSE, Client

LIST = f"{WAREHOUSE}/stocktakes"


async def begin(client: Client) -> str:
    """Open a stocktake; its address."""
    answer = await client.post(LIST, {"warehouse_id": SOURCE, "note": "spring"})
    assert answer.status_code == 201
    return f"{LIST}/{answer.json()['id']}"


async def count(client: Client, address: str, counted: int, **headers: str) -> httpx.Response:
    """Note a count of the sample's product; the words are headers."""
    return await client.post(f"{address}/lines", {"lines": [{"product_id": PRODUCT, "counted": counted}]}, **headers)


async def test_a_warehouse_is_counted_and_set_right(client: Client) -> None:
    await client.adjust(100)
    address = await begin(client)
    counted = await count(client, address, 98)
    (line,) = counted.json()["lines"]
    assert (counted.status_code, line["on_hand"], line["difference"]) == (200, 100, -2)
    assert (await client.get(f"{address}/lines")).json()["items"] == [line]
    await client.adjust(5)
    read = await client.get(address)
    assert read.json() == counted.json()["stocktake"]
    closed = await client.post(f"{address}/close", **{"if-match": read.headers["etag"]})
    assert (closed.status_code, closed.json()["state"], closed.json()["shortage"]) == (200, "closed", 2)
    assert await client.quantity() == 103
    listed = (await client.get(f"{LIST}?warehouse_id={SOURCE}&state=closed")).json()["items"]
    assert listed == [closed.json()]
    made: dict[str, Any] = (await client.get(f"{WAREHOUSE}/adjustments")).json()["items"][0]
    assert (made["delta"], made["reason"]) == (-2, "stocktake")


async def test_a_stale_state_is_not_closed(client: Client) -> None:
    address = await begin(client)
    seen = (await client.get(address)).headers["etag"]
    assert (await count(client, address, 1, **{"if-match": seen})).status_code == 200
    for answer in (await count(client, address, 2, **{"if-match": seen}), await _end(client, address, "close", seen)):
        assert (answer.status_code, answer.json()["code"]) == (412, "kernel.stale")
    assert (await _end(client, address, "cancel", seen)).status_code == 412
    assert (await client.post(f"{address}/cancel")).json()["state"] == "cancelled"
    assert await client.quantity() == 0


async def test_a_request_is_done_once(client: Client) -> None:
    address, key = await begin(client), {"idempotency-key": "k1"}
    first = await count(client, address, 7, **key)
    await client.adjust(7)
    again = await count(client, address, 7, **key)
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
    ends = [await client.post(f"{address}/close", **key) for _ in range(2)]
    assert [answer.status_code for answer in ends] == [200, 200]
    assert ends[0].content == ends[1].content
    assert await client.quantity() == 14


async def test_refusals(client: Client) -> None:
    address = await begin(client)
    doubled = await client.post(LIST, {"warehouse_id": SOURCE})
    assert (doubled.status_code, doubled.json()["code"]) == (409, "inventory.stocktake_already_open")
    for lines in ([], [{"product_id": PRODUCT, "counted": -1}], [{"product_id": PRODUCT, "counted": 1}] * 2):
        assert (await client.post(f"{address}/lines", {"lines": lines})).status_code == 422
    await client.adjust(10)
    await count(client, address, 0)
    await client.adjust(-4)
    short = await client.post(f"{address}/close")
    assert (short.status_code, short.json()["code"]) == (409, "inventory.stocks_short")
    assert [error["field"] for error in short.json()["errors"]] == [f"/{PRODUCT}"]
    await client.post(f"{address}/cancel")
    ended = await client.post(f"{address}/close")
    assert (ended.status_code, ended.json()["code"]) == (409, "inventory.stocktake_ended")
    assert (await client.get(f"{LIST}/{PRODUCT}")).status_code == 404
    by_hand = await client.adjust(1, reason="stocktake")
    assert (by_hand.status_code, by_hand.json()["errors"][0]["field"]) == (422, "/reason")


async def _end(client: Client, address: str, how: str, seen: str) -> httpx.Response:
    return await client.post(f"{address}/{how}", **{"if-match": seen})
