"""Accounts that are deleted, taken back, or gone for good, over HTTP, by both transports."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from adapters.memory.clock import FakeClock
from core.identity.api import AccountStatus
from core.identity.events import AccountPurged
from core.identity.ports import IdentityWork
from core.identity.rights import OWNER, RoleChange
from core.identity.usecases.watch_over_people import ChangeStatus
from core.kernel.actor import system_actor
from core.kernel.work import OpenWork
from tests.entrypoints.http.test_identity import ANN, Person, registered
from tests.support.app import App
from tests.support.crowd import PASSWORD
from tests.support.http import URL

DAY = 24 * 3600


@pytest.fixture(params=["bearer", "cookie"])
async def ann(app: App, clock: FakeClock, request: pytest.FixtureRequest) -> AsyncIterator[Person]:
    """Ann, signed in."""
    person = Person(app, clock, request.param)
    await registered(person)
    await person.sign_in()
    yield person
    await person.http.aclose()


async def leave(person: Person) -> httpx.Response:
    """Delete one's account."""
    headers = {"authorization": f"Bearer {person.tokens['access_token']}"} if "access_token" in person.tokens else {}
    return await person.http.delete("/api/v1/profile", headers=headers)


async def test_who_leaves_can_come_back(ann: Person) -> None:
    second = Person(ann.app, ann.clock, ann.transport)
    await second.sign_in()
    left = await leave(ann)
    assert left.status_code == 200
    for each in (ann, second):
        await each.call("GET", "/me", status=401)
        await each.refresh(401)
    letter = await ann.letter()
    assert (letter.name, letter.to) == ("identity.deletion_scheduled", ANN)
    assert letter.params["delete_at"][:19] == left.json()["delete_at"][:19]
    assert (await ann.sign_in(status=403))["code"] == "identity.account_deleted"
    assert (await ann.post("/undo-deletion", 422, token="x" * 43))["code"] == "identity.code_refused"
    ann.clock.advance(13 * DAY)
    await ann.post("/undo-deletion", token=letter.token)
    assert (await ann.post("/undo-deletion", 422, token=letter.token))["code"] == "identity.code_refused"
    await ann.sign_in()
    ann.clock.advance(2 * DAY)
    await ann.app.run_until_idle(ann.clock)
    await ann.sign_in()
    await second.http.aclose()


async def test_after_fourteen_days_nothing_is_left(ann: Person) -> None:
    account_id = (await ann.call("GET", "/me"))["id"]
    await leave(ann)
    token = (await ann.letter()).token
    ann.clock.advance(14 * DAY)
    await ann.app.run_until_idle(ann.clock)
    purged = [fact for fact in ann.app.heard if isinstance(fact, AccountPurged)]
    assert [str(fact.account_id) for fact in purged] == [account_id]
    assert (await ann.sign_in(status=401))["code"] == "identity.wrong_credentials"
    await ann.post("/undo-deletion", 422, token=token)
    await ann.post("/register", 202, login=ANN, password=PASSWORD)
    assert (await ann.letter()).name == "identity.verify_email"


async def test_the_last_owner_stays(ann: Person) -> None:
    account_id = UUID((await ann.call("GET", "/me"))["id"])
    open_work = await ann.app.get(OpenWork[IdentityWork])
    async with open_work() as work:
        await work.holders.give([RoleChange(account_id, account_id, OWNER, "owner", True, "tests", ann.clock.now())])
    refused = await leave(ann)
    assert (refused.status_code, refused.json()["code"]) == (409, "identity.last_owner")
    await ann.call("GET", "/me")


async def test_api_keys_of_who_left_open_nothing(ann: Person) -> None:
    headers = {"authorization": f"Bearer {ann.tokens['access_token']}"} if "access_token" in ann.tokens else {}
    made = await ann.http.post("/api/v1/auth/api-keys", json={"name": "till", "scopes": []}, headers=headers)
    assert made.status_code == 201, made.text
    with_key = {"authorization": f"Bearer {made.json()['key']}"}
    async with httpx.AsyncClient(transport=ann.http._transport, base_url=URL) as till:
        assert (await till.get("/api/v1/profile", headers=with_key)).status_code == 200
        await leave(ann)
        assert (await till.get("/api/v1/profile", headers=with_key)).status_code == 401


async def test_who_has_no_letter_takes_it_back_by_the_password(ann: Person) -> None:
    await leave(ann)
    assert (await ann.post("/undo-deletion", 401, login=ANN, password="another"))[
        "code"
    ] == "identity.wrong_credentials"
    assert (await ann.post("/undo-deletion", 401, login="bob", password=PASSWORD))[
        "code"
    ] == "identity.wrong_credentials"
    letter = await ann.letter()
    await ann.post("/undo-deletion", login=ANN, password=PASSWORD)
    await ann.sign_in()
    await ann.post("/undo-deletion", login=ANN, password=PASSWORD)
    await ann.post("/undo-deletion", 422, token=letter.token)


async def test_without_an_address_the_password_is_the_way_back(app: App, clock: FakeClock) -> None:
    person = Person(app, clock, "bearer")
    await person.post("/register", 202, login="annabel", password=PASSWORD)
    person.tokens = await person.post("/login", login="annabel", password=PASSWORD)
    assert (await leave(person)).status_code == 200
    refused = await person.post("/login", 403, login="annabel", password=PASSWORD)
    assert refused["code"] == "identity.account_deleted"
    clock.advance(13 * DAY)
    await person.post("/undo-deletion", login="annabel", password=PASSWORD)
    await person.post("/login", login="annabel", password=PASSWORD)
    await person.http.aclose()


async def test_what_the_staff_deleted_its_owner_cannot_take_back(ann: Person) -> None:
    account_id = UUID((await ann.call("GET", "/me"))["id"])
    change = await ann.app.get(ChangeStatus)
    await change(system_actor("tests"), account_id, status=AccountStatus.DELETED)
    refused = await ann.post("/undo-deletion", 403, login=ANN, password=PASSWORD)
    assert refused["code"] == "identity.account_deleted"


async def test_leaving_needs_a_proof(ann: Person) -> None:
    ann.clock.advance(601)
    refused = await leave(ann)
    assert (refused.status_code, refused.json()["code"]) == (403, "kernel.proof_needed")
    await ann.call("GET", "/me")


async def test_the_page_of_the_letter(app: App, clock: FakeClock) -> None:
    ann = Person(app, clock, "cookie")
    await registered(ann)
    await ann.sign_in()
    await leave(ann)
    letter = await ann.letter()
    ann.http.cookies.clear()
    page = await ann.http.get(letter.params["link"], headers={"accept": "text/html"})
    assert "Keep the account" in page.text
    assert (await ann.sign_in(status=403))["code"] == "identity.account_deleted"
    await ann.http.aclose()
