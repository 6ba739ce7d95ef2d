"""Profiles, addresses and networks over HTTP."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from dishka import Provider, Scope

from contracts.ports.people import person
from contracts.ports.pictures import NO_PICTURES, flood, picture
from core.identity.ports import IdentityWork
from core.kernel.actor import Actor, ActorKind
from core.kernel.auth import Authenticator, Credential
from core.kernel.clock import Clock
from core.kernel.errors import Unauthenticated
from core.kernel.pictures import MOST_BYTES
from core.kernel.work import OpenWork
from tests.support.http import Client, memory_settings, serving

PROFILE, ADDRESSES, RULES = "/api/v1/profile", "/api/v1/profile/addresses", "/api/v1/profile/ip-rules"
AVATAR = f"{PROFILE}/avatar"
HOME = {"name": "Ann", "line1": "1 Long Street", "city": "Berlin", "country": "DE"}
PEOPLE = {"ann": person(1), "ben": person(2)}
ANN, BEN = ({"authorization": f"Bearer {name}"} for name in PEOPLE)
NOBODY = UUID(int=5)


class Known(Authenticator):
    """Knows people by their first names, just proven."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def authenticate(self, credential: Credential | None) -> Actor:
        if credential is None or credential.value not in PEOPLE:
            raise Unauthenticated
        account = PEOPLE[credential.value].id
        return Actor(ActorKind.USER, f"user:{account}", account=account, proven_at=self._clock.now())


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """An application that two people use."""
    provider = Provider(scope=Scope.APP)
    provider.provide(Known, provides=Authenticator, override=True)
    async with serving(memory_settings(), provider, key=None) as client:
        work = await client.container.get(OpenWork[IdentityWork])
        async with work() as open_work:
            for account in PEOPLE.values():
                await open_work.accounts.add(account)
        yield client


async def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """One call of Ann."""
    return await client.http.request(method, path, json=body, headers={**ANN, **headers})


async def put_avatar(client: Client, raw: bytes, media: str = "image/png") -> httpx.Response:
    """Send a picture of Ann."""
    return await client.http.put(AVATAR, content=raw, headers={**ANN, "content-type": media})


async def test_a_profile_is_changed_in_part(client: Client) -> None:
    changed = await send(client, "PATCH", PROFILE, {"first_name": "Ann", "timezone": "Europe/Berlin"})
    assert (changed.status_code, changed.json()["first_name"]) == (200, "Ann")
    read = await send(client, "GET", PROFILE)
    assert read.json() == changed.json()
    tag = read.headers["etag"]
    stale = await send(client, "PATCH", PROFILE, {"about": "x"}, **{"if-match": '"another"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "kernel.stale")
    assert (await send(client, "PATCH", PROFILE, {"about": "x"}, **{"if-match": tag})).status_code == 200


@pytest.mark.parametrize(
    "body, code",
    [
        ({"timezone": "Mars/Olympus"}, "identity.timezone_unknown"),
        ({"language": "de"}, "kernel.wrong_fields"),
        ({"first_name": "a" * 201}, "kernel.wrong_fields"),
        ({"first_name": "a\x00b"}, "kernel.wrong_fields"),
        ({"first_name": "\u202egnp.exe"}, "kernel.wrong_fields"),
        ({"email": "another@example.com"}, "kernel.wrong_fields"),
        ({"is_admin": True}, "kernel.wrong_fields"),
        ({"is_public": "yes"}, "kernel.wrong_fields"),
    ],
)
async def test_what_cannot_be_changed_so_is_refused(client: Client, body: dict[str, Any], code: str) -> None:
    answer = await send(client, "PATCH", PROFILE, body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_only_a_public_profile_is_seen(client: Client) -> None:
    path = f"/api/v1/profiles/{PEOPLE['ann'].id}"
    assert (await client.get(path, **BEN)).status_code == 404
    await send(client, "PATCH", PROFILE, {"is_public": True, "about": "Bees"})
    seen = await client.get(path, **BEN)
    assert (seen.status_code, seen.json()["about"]) == (200, "Bees")
    assert "email" not in seen.json()
    assert (await client.get(f"/api/v1/profiles/{NOBODY}", **BEN)).status_code == 404


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_is_shown_to_everybody_who_knows_its_address(client: Client, kind: str) -> None:
    shown = await put_avatar(client, picture(kind), f"image/{kind.lower()}")
    assert shown.status_code == 200
    seen = await client.get(shown.json()["avatar_url"])
    assert (seen.status_code, seen.headers["content-type"], seen.content[8:12]) == (200, "image/webp", b"WEBP")
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in seen.headers["content-security-policy"]
    assert "immutable" in seen.headers["cache-control"]
    assert (await send(client, "DELETE", AVATAR)).json()["avatar_url"] is None
    gone = await client.get(shown.json()["avatar_url"])
    assert (gone.status_code, gone.json()["code"]) == (404, "identity.avatar_not_found")


@pytest.mark.parametrize("raw", NO_PICTURES.values(), ids=NO_PICTURES)
async def test_what_is_no_picture_is_refused(client: Client, raw: bytes) -> None:
    answer = await put_avatar(client, raw)
    assert (answer.status_code, answer.json()["code"]) == (422, "kernel.not_a_picture")


async def test_a_flood_of_pixels_is_refused(client: Client) -> None:
    answer = await put_avatar(client, flood(60_000, 60_000))
    assert (answer.status_code, answer.json()["code"]) == (422, "kernel.picture_too_large")


async def test_a_file_that_is_too_large_is_refused(client: Client) -> None:
    answer = await put_avatar(client, picture("PNG") + b"\0" * MOST_BYTES)
    assert (answer.status_code, answer.json()["code"]) == (413, "http.body_too_large")
    assert answer.json()["context"] == {"limit": MOST_BYTES}
    padded = picture("PNG") + b"\0" * 2_000_000
    assert (await put_avatar(client, padded)).status_code == 200


@pytest.mark.parametrize("media", ["text/plain", "application/json", "image/", "image", "multipart/form-data"])
async def test_it_must_be_declared_as_a_picture(client: Client, media: str) -> None:
    assert (await put_avatar(client, picture(), media)).status_code == 415


async def test_addresses_are_kept(client: Client) -> None:
    first = (await send(client, "POST", ADDRESSES, HOME)).json()
    second = await send(client, "POST", ADDRESSES, {**HOME, "city": "Paris", "country": "FR"})
    assert (second.status_code, first["is_default"], second.json()["is_default"]) == (201, True, False)
    chosen = await send(client, "POST", f"{ADDRESSES}/{second.json()['id']}/default")
    assert chosen.json()["is_default"]
    listed = (await send(client, "GET", ADDRESSES)).json()["items"]
    assert [(each["city"], each["is_default"]) for each in listed] == [("Paris", True), ("Berlin", False)]
    moved = await send(client, "PUT", f"{ADDRESSES}/{first['id']}", {**HOME, "line1": "2 Short Street"})
    assert moved.json()["line1"] == "2 Short Street"
    assert (await send(client, "DELETE", f"{ADDRESSES}/{second.json()['id']}")).status_code == 204
    assert (await send(client, "GET", f"{ADDRESSES}/{first['id']}")).json()["is_default"]


async def test_an_address_is_added_once(client: Client) -> None:
    key = {"idempotency-key": "one-and-the-same-1"}
    first = await send(client, "POST", ADDRESSES, HOME, **key)
    again = await send(client, "POST", ADDRESSES, HOME, **key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert len((await send(client, "GET", ADDRESSES)).json()["items"]) == 1


@pytest.mark.parametrize(
    "body", [{}, {**HOME, "country": "Germany"}, {**HOME, "name": ""}, {**HOME, "line1": "a\nb"}, {**HOME, "x": 1}]
)
async def test_wrong_fields_of_an_address_are_named(client: Client, body: dict[str, Any]) -> None:
    answer = await send(client, "POST", ADDRESSES, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "kernel.wrong_fields")
    assert answer.json()["errors"]


async def test_addresses_of_others_are_not_there(client: Client) -> None:
    mine = (await send(client, "POST", ADDRESSES, HOME)).json()["id"]
    for method, path in (
        ("GET", f"{ADDRESSES}/{mine}"),
        ("PUT", f"{ADDRESSES}/{mine}"),
        ("DELETE", f"{ADDRESSES}/{mine}"),
        ("POST", f"{ADDRESSES}/{mine}/default"),
    ):
        answer = await client.http.request(method, path, json=HOME if method == "PUT" else None, headers=BEN)
        assert (answer.status_code, answer.json()["code"]) == (404, "identity.address_not_found")


async def test_networks_are_allowed_and_dropped(client: Client) -> None:
    refused = await send(client, "POST", RULES, {"network": "198.51.100.0/24"})
    assert (refused.status_code, refused.json()["code"]) == (409, "identity.would_lock_you_out")
    own = refused.json()["context"]["address"]
    added = await send(client, "POST", RULES, {"network": own, "note": "here"})
    assert added.status_code == 201
    outside = await send(client, "GET", f"{RULES}/check?address=203.0.113.9")
    assert outside.json() == {"address": "203.0.113.9", "allowed": False, "rules": 1}
    here = await send(client, "GET", f"{RULES}/check")
    assert here.json() == {"address": own, "allowed": True, "rules": 1}
    assert [each["note"] for each in (await send(client, "GET", RULES)).json()["items"]] == ["here"]
    assert (await send(client, "DELETE", f"{RULES}/{added.json()['id']}")).status_code == 204
    assert (await send(client, "DELETE", f"{RULES}/{added.json()['id']}")).status_code == 404
