"""Requests that come twice, over each storage."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from entrypoints.http.inventory.examples import PRODUCT, SOURCE
from entrypoints.http.operations import OPERATIONS
from tests.support.http import ADJUSTMENTS, QUARANTINE, WEBHOOK, Client, sample

PARALLEL = 50


def key(text: str | None = None) -> dict[str, str]:
    """The header of a request that may come again."""
    return {"idempotency-key": text or str(uuid4())}


async def credit(client: Client, pieces: int, **headers: str) -> httpx.Response:
    """Add pieces to the stock of the sample's source."""
    body = {"warehouse_id": SOURCE, "product_id": PRODUCT, "delta": pieces, "reason": "opening_balance"}
    return await client.post(ADJUSTMENTS, body, **headers)


def same(again: httpx.Response, first: httpx.Response) -> bool:
    """Whether one answer is the other, marked as given before."""
    marks = [answer.headers.get("idempotent-replayed") for answer in (first, again)]
    return (again.status_code, again.json(), marks) == (first.status_code, first.json(), [None, "true"])


ABOUT_PEOPLE = ("/api/v1/auth", "/api/v1/profile", "/api/v1/roles", "/api/v1/users")


def test_every_post_about_goods_takes_a_key() -> None:
    posts = [op for op in OPERATIONS if op.method == "POST" and op.path.startswith("/api")]
    assert [op.path for op in posts if not (op.once or op.path.startswith(ABOUT_PEOPLE))] == []


async def test_an_adjustment_is_made_once(stored: Client) -> None:
    headers = key()
    first = await credit(stored, 100, **headers)
    assert same(await credit(stored, 100, **headers), first)
    other = await credit(stored, 101, **headers)
    assert (other.status_code, other.json()["code"]) == (422, "kernel.request_key_reused")
    assert await stored.quantity() == 100


async def test_a_message_is_answered_as_at_first(stored: Client) -> None:
    await stored.adjust(100)
    headers = key()
    first = await stored.post(WEBHOOK, sample("departure"), **headers)
    again = await stored.post(WEBHOOK, sample("departure"), **headers)
    assert same(again, first)
    assert again.json()["details"] == {"duplicate": False}
    unkeyed = await stored.post(WEBHOOK, sample("departure"))
    assert unkeyed.json()["details"] == {"duplicate": True}


async def test_a_refused_message_uses_up_nothing(stored: Client) -> None:
    headers = key()
    assert (await stored.post(WEBHOOK, sample("departure"), **headers)).status_code == 409
    assert (await stored.post(WEBHOOK, b"{", **headers)).status_code == 400
    await stored.adjust(100)
    taken = await stored.post(WEBHOOK, sample("departure"), **headers)
    assert (taken.status_code, "idempotent-replayed" in taken.headers) == (200, False)
    assert same(await stored.post(WEBHOOK, sample("departure"), **headers), taken)


async def test_decisions_on_quarantine_are_made_once(stored: Client) -> None:
    await stored.post(WEBHOOK, sample("departure"))
    (item,) = (await stored.get(QUARANTINE)).json()["items"]
    path, headers = f"{QUARANTINE}/{item['id']}", key()
    first = await stored.post(f"{path}/retry", {}, **headers)
    assert first.json()["outcome"] == "refused"
    await stored.adjust(100)
    assert same(await stored.post(f"{path}/retry", {}, **headers), first)
    discarded = await stored.post(f"{path}/discard", {"note": "no"}, **headers)
    assert discarded.json() == {"state": "discarded"}
    assert same(await stored.post(f"{path}/discard", {"note": "no"}, **headers), discarded)
    assert (await stored.post(f"{path}/discard", {"note": "no"}, **key())).status_code == 409
    for bulk in ("retry", "discard"):
        body = {"reason": "insufficient_stock", "note": "all"}
        done = await stored.post(f"{QUARANTINE}/{bulk}", body, **headers)
        assert same(await stored.post(f"{QUARANTINE}/{bulk}", body, **headers), done)


async def insist(client: Client, text: str) -> httpx.Response:
    """Send a request as a client does: again while it is being done."""
    while (answer := await credit(client, 1, **key(text))).status_code in (409, 503):
        await asyncio.sleep(0.01)
    return answer


async def storm(client: Client, keys: int) -> None:
    """Send every key many times at once, and look at what was done."""
    for number in range(keys):
        answers = await asyncio.gather(*(insist(client, f"key-{number}") for _ in range(PARALLEL)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert await client.quantity() == keys


async def test_many_at_once_have_one_effect_a_key(stored: Client) -> None:
    await storm(stored, 4)


@pytest.mark.slow
async def test_two_hundred_keys_have_two_hundred_effects(stored: Client) -> None:
    await storm(stored, 200)
