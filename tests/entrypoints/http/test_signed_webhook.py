"""Messages that their senders sign."""

import base64
import hmac
import time
from collections.abc import AsyncIterator

import msgspec
import pytest

from core.kernel.secret import Secret
from entrypoints.http.inventory.examples import PRODUCT, SOURCE
from tests.support.http import ADJUSTMENTS, KEY, WEBHOOK, Client, memory_settings, sample, serving

SECRET = b"s" * 32
BODY = sample("arrival")


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[Client]:
    """A client without the key of an application that wants signatures."""
    settings = memory_settings()
    secrets = Secret("whsec_" + base64.b64encode(SECRET).decode())
    security = msgspec.structs.replace(settings.security, webhook_secrets=secrets)
    async with serving(msgspec.structs.replace(settings, security=security), key=None) as client:
        yield client


def signed(body: bytes, age: int = 0) -> dict[str, str]:
    """The headers of a signature."""
    at = int(time.time()) - age
    signature = base64.b64encode(hmac.digest(SECRET, f"msg_1.{at}.".encode() + body, "sha256")).decode()
    return {"webhook-id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": f"v1,{signature}"}


async def test_a_signed_message_needs_no_key(client: Client) -> None:
    answers = [await client.post(WEBHOOK, BODY, **signed(BODY)) for _ in range(3)]
    assert [answer.json()["details"]["duplicate"] for answer in answers] == [False, True, True]
    batch = b"[" + BODY + b"]"
    assert (await client.post(f"{WEBHOOK}/batch", batch, **signed(batch))).json()["processed"] == 1


async def test_others_are_refused_and_told_why(client: Client) -> None:
    cases: list[tuple[dict[str, str], str]] = [
        ({}, "kernel.signature_missing"),
        ({"authorization": f"Bearer {KEY}"}, "kernel.signature_missing"),
        (signed(BODY, age=1000), "kernel.signature_expired"),
        (signed(BODY + b" "), "kernel.bad_signature"),
    ]
    for headers, code in cases:
        for path in (WEBHOOK, f"{WEBHOOK}/batch"):
            answer = await client.post(path, BODY, **headers)
            assert (answer.status_code, answer.json()["code"]) == (401, code)
            assert "www-authenticate" in answer.headers


async def test_a_signature_opens_no_other_door(client: Client) -> None:
    body = msgspec.json.encode({"warehouse_id": SOURCE, "product_id": PRODUCT, "delta": 1, "reason": "count"})
    assert (await client.post(ADJUSTMENTS, body, **signed(body))).status_code == 401
