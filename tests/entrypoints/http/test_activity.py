"""What people are told of what happened to their accounts, over each storage."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from entrypoints.shared.settings import Settings
from tests.entrypoints.http.test_users import PASSWORD, USERS, hired, patch
from tests.support.http import Client, serving

ACTIVITY = "/api/v1/profile/activity"
KEYS = "/api/v1/auth/api-keys"
ANN, OLGA = "ann@example.com", "olga@example.com"


@pytest.fixture
async def client(empty_storage: Settings) -> AsyncIterator[Client]:
    async with serving(empty_storage, key=None, **{"user-agent": "tests/1"}) as client:
        yield client


async def pages(client: Client, path: str, **headers: str) -> list[Any]:
    """The items of all pages of a list, two at a time."""
    items: list[Any] = []
    cursor = ""
    while not items or cursor:
        page = (await client.get(f"{path}?limit=2{cursor}", **headers)).json()
        items += page["items"]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    return items


async def test_sign_ins_and_changes_are_told_to_the_owner_and_to_the_staff(client: Client) -> None:
    olga_id, olga = await hired(client, OLGA, "owner")
    ann_id, ann = await hired(client, ANN)
    wrong = await client.post("/api/v1/auth/login", {"login": ANN, "password": "not hers at all"})
    assert wrong.status_code == 401
    assert (await patch(client, f"{USERS}/{ann_id}", {"language": "ru"}, **olga)).status_code == 200

    told = await pages(client, ACTIVITY, **ann)
    assert [(each["by"], each["action"], each["method"], each["outcome"], each["agent"]) for each in told] == [
        ("staff", "identity.person.change", None, None, ""),
        (None, None, "password", "wrong_password", "tests/1"),
        (None, None, "password", "signed_in", "tests/1"),
        ("soty", "identity.person.add", None, None, ""),
    ]
    assert [each["details"] for each in told] == [{}] * 4
    assert (await client.get(ACTIVITY, **ann)).json()["last_sign_in"] is None

    seen = await pages(client, f"{USERS}/{ann_id}/activity", **olga)
    assert [each["id"] for each in seen] == [each["id"] for each in told]
    assert (seen[0]["actor"], seen[0]["details"]) == (f"user:{olga_id}", {"fields": ["language"]})
    assert seen[0]["agent"] == "tests/1"
    assert (await client.get(f"{USERS}/{olga_id}/activity", **ann)).status_code == 403

    taken = (await client.get("/api/v1/profile/export", **ann)).json()["modules"]["identity"]
    assert [each["outcome"] for each in taken["sign_ins"]] == ["wrong_password", "signed_in"]


async def test_the_next_session_is_told_of_the_one_before(client: Client) -> None:
    await hired(client, ANN)
    granted = (await client.post("/api/v1/auth/login", {"login": ANN, "password": PASSWORD})).json()
    told = (await client.get(ACTIVITY, authorization=f"Bearer {granted['access_token']}")).json()
    assert told["last_sign_in"] == {
        "at": told["items"][1]["at"],
        "method": "password",
        "address": "127.0.0.1",
        "agent": "tests/1",
    }


async def test_an_api_key_tells_when_it_was_last_used(client: Client) -> None:
    _, ann = await hired(client, ANN)
    key = (await client.post(KEYS, {"name": "till", "scopes": []}, **ann)).json()["key"]

    async def used_at() -> Any:
        return (await client.get(KEYS, **ann)).json()[0]["used_at"]

    assert await used_at() is None
    ticks = set()
    for _ in range(3):
        assert (await client.get("/api/v1/auth/me", authorization=f"Bearer {key}")).status_code == 200
        ticks.add(await used_at())
    (tick,) = ticks
    assert tick is not None
