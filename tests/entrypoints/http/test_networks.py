"""Accounts that may be used from certain networks only, over HTTP, by both transports."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from adapters.memory.clock import FakeClock
from core.identity.usecases.clear_networks import ClearNetworks
from core.kernel.actor import Actor, ActorKind, system_actor
from core.kernel.audit import AuditReader
from core.kernel.errors import Forbidden
from tests.entrypoints.http.test_identity import ANN, AUTH, Person, registered
from tests.support.app import App
from tests.support.crowd import OTHER, PASSWORD

RULES = "/api/v1/profile/ip-rules"
REFUSED = "identity.network_refused"


@pytest.fixture(params=["bearer", "cookie"])
async def at_home(app: App, clock: FakeClock, request: pytest.FixtureRequest) -> AsyncIterator[Person]:
    """Ann at 192.0.2.1, signed in."""
    person = Person(app, clock, request.param)
    await registered(person)
    await person.sign_in()
    yield person
    await person.http.aclose()


async def elsewhere(person: Person) -> Person:
    """The same person at 198.51.100.9, with what carries its session."""
    other = Person(person.app, person.clock, person.transport, "198.51.100.9")
    other.tokens = dict(person.tokens)
    other.http.cookies = httpx.Cookies(dict(person.http.cookies))
    return other


async def rules(person: Person, method: str, path: str = "", body: object = None) -> httpx.Response:
    """Call an operation on rules."""
    headers = {"authorization": f"Bearer {person.tokens['access_token']}"} if "access_token" in person.tokens else {}
    return await person.http.request(method, RULES + path, json=body, headers=headers)


async def test_every_door_is_shut_to_other_networks_at_once(at_home: Person) -> None:
    away = await elsewhere(at_home)
    await away.call("GET", "/me")
    rule = await rules(at_home, "POST", body={"network": "192.0.2.0/24"})
    assert rule.status_code == 201
    refused = await away.call("GET", "/me", status=403)
    assert refused["code"] == REFUSED
    assert "198.51.100.9" in refused["detail"]
    assert (await away.refresh(403))["code"] == REFUSED
    assert (await away.sign_in(status=403))["code"] == REFUSED
    assert (await away.sign_in(OTHER, status=401))["code"] == "identity.wrong_credentials"
    await at_home.call("GET", "/me")
    await at_home.refresh()
    assert (await rules(at_home, "DELETE", f"/{rule.json()['id']}")).status_code == 204
    await away.sign_in()
    await away.http.aclose()


async def test_the_staff_lets_somebody_in_again(at_home: Person) -> None:
    account_id = UUID((await at_home.call("GET", "/me"))["id"])
    away = await elsewhere(at_home)
    await rules(at_home, "POST", body={"network": "192.0.2.0/24"})
    await away.call("GET", "/me", status=403)
    clear = await at_home.app.get(ClearNetworks)
    with pytest.raises(Forbidden):
        await clear(Actor(ActorKind.USER, "user:eve"), account_id)
    assert await clear(system_actor("tests"), account_id) == 1
    await away.call("GET", "/me")
    trail = await (await at_home.app.get(AuditReader)).entries(str(account_id))
    assert (trail[-1].action, trail[-1].details) == ("identity.networks.clear", {"before": ["192.0.2.0/24"]})
    await away.http.aclose()


async def test_pages_say_why(app: App, clock: FakeClock) -> None:
    ann = Person(app, clock, "cookie")
    await registered(ann)
    await ann.sign_in()
    await rules(ann, "POST", body={"network": "192.0.2.1"})
    away = await elsewhere(ann)
    page = await away.http.get("/profile", headers={"accept": "text/html"})
    assert (page.status_code, "198.51.100.9" in page.text) == (403, True)
    for each in (ann, away):
        await each.http.aclose()


async def test_a_stolen_token_ends_the_session_from_everywhere(app: App, clock: FakeClock) -> None:
    ann = Person(app, clock, "bearer")
    await registered(ann)
    await ann.sign_in()
    thief = await elsewhere(ann)
    await rules(ann, "POST", body={"network": "192.0.2.1"})
    await ann.refresh()
    clock.advance(11)
    answer = await thief.http.post(AUTH + "/refresh", json={"refresh_token": thief.tokens["refresh_token"]})
    assert answer.json()["code"] == "identity.refresh_refused"
    await ann.call("GET", "/me", status=401)
    await ann.sign_in(PASSWORD, ANN)
    for each in (ann, thief):
        await each.http.aclose()
