"""What people take along: everything of theirs, nothing of others, and no secret."""

import hashlib
import re
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest
from pyotp import TOTP

from adapters.memory.clock import FakeClock
from core.kernel.actor import Actor, ActorKind, ProofNeeded
from core.kernel.manifest import Module, Personal
from core.kernel.paging import Page
from entrypoints.shared.personal import GatherPersonalData
from tests.entrypoints.http.test_identity import ANN, Person, registered
from tests.support.app import App
from tests.support.crowd import PASSWORD

SECRET = re.compile(r"hash|digest|\$argon2|sealed|eyJ")
PATH = "/api/v1/profile/export"
SOMEBODY = Actor(ActorKind.USER, "user:1", account=UUID(int=1))
HOME = {"name": "Ann", "line1": "Linden 5", "city": "Berlin", "country": "DE"}


@pytest.fixture
async def ann(app: App, clock: FakeClock) -> AsyncIterator[Person]:
    """Ann, signed in by tokens."""
    person = Person(app, clock, "bearer")
    await registered(person)
    await person.sign_in()
    yield person
    await person.http.aclose()


def bearer(person: Person) -> dict[str, str]:
    return {"authorization": f"Bearer {person.tokens['access_token']}"}


async def test_all_of_it_comes_as_a_file_without_any_secret(ann: Person) -> None:
    mine = bearer(ann)
    await ann.http.post("/api/v1/profile/addresses", json=HOME, headers=mine)
    key = (await ann.http.post("/api/v1/auth/api-keys", json={"name": "till", "scopes": []}, headers=mine)).json()
    started = (await ann.http.post("/api/v1/auth/mfa/totp", headers=mine)).json()
    code = TOTP(started["secret"]).at(ann.clock.now())
    recovery = (await ann.http.post("/api/v1/auth/mfa/totp/confirm", json={"code": code}, headers=mine)).json()
    answer = await ann.http.get(PATH, headers=mine)
    assert answer.status_code == 200, answer.text
    assert re.fullmatch(r'attachment; filename="soty-\d{4}-\d\d-\d\d.json"', answer.headers["content-disposition"])
    assert answer.headers["cache-control"] == "no-store"
    found = answer.json()["modules"]["identity"]
    assert (found["account"]["email"], found["addresses"][0]["line1"]) == (ANN, "Linden 5")
    assert [key["name"] for key in found["api_keys"]] == ["till"]
    assert found["second_factor"]["enabled"] is True
    assert {"identity.api_key.create", "identity.totp.enable"} & {act["action"] for act in found["acts"]}
    assert found["sessions"][0]["current"] is True
    assert [each["outcome"] for each in found["sign_ins"]] == ["signed_in"]
    assert found["sign_ins"][0]["session_id"] == found["sessions"][0]["id"]
    planted = [
        PASSWORD,
        key["key"],
        ann.tokens["access_token"],
        ann.tokens["refresh_token"],
        started["secret"],
        *recovery["codes"],
    ]
    for secret in planted:
        for form in (secret, hashlib.sha256(secret.encode()).hexdigest()):
            assert form not in answer.text
    assert not SECRET.search(answer.text)


def module(name: str, *parts: Personal) -> Module:
    return Module(name=name, summary="", personal=parts)


class Leak:
    async def __call__(self, _: Actor) -> dict[str, str]:
        return {"password_hash": "$argon2id$v=19"}


class Numbers:
    async def __call__(self, _: Actor, *, limit: int, cursor: str | None = None) -> Page[int]:
        start = int(cursor or 0)
        return Page(list(range(start, start + 2)), str(start + 2) if start < 4 else None)


async def made(kind: type) -> object:
    return kind()


async def test_the_search_would_find_a_secret() -> None:
    leaky = module("m", Personal(part="leak", use_case=Leak))
    found = await GatherPersonalData([leaky], made, FakeClock())(SOMEBODY)
    assert SECRET.search(msgspec.json.encode(found).decode())


async def test_long_lists_come_whole() -> None:
    long = module("m", Personal(part="numbers", use_case=Numbers, pages=True))
    found = await GatherPersonalData([long], made, FakeClock())(SOMEBODY)
    assert found.modules == {"m": {"numbers": [0, 1, 2, 3, 4, 5]}}


def test_a_part_has_one_name_in_its_module() -> None:
    twice = module("m", *(Personal(part="leak", use_case=Leak) for _ in range(2)))
    with pytest.raises(ValueError, match=r"m\.leak"):
        GatherPersonalData([twice], made, FakeClock())


async def test_who_acts_as_somebody_takes_nothing_along(ann: Person) -> None:
    gather = await ann.app.get(GatherPersonalData)
    with pytest.raises(ProofNeeded):
        await gather(msgspec.structs.replace(SOMEBODY, impersonator=SOMEBODY.account))


async def test_before_an_address_is_verified_one_reads_ones_profile_and_no_more(app: App, clock: FakeClock) -> None:
    person = Person(app, clock, "bearer")
    await person.post("/register", 202, login="annabel", password=PASSWORD)
    person.tokens = await person.post("/login", login="annabel", password=PASSWORD)
    assert (await person.http.get("/api/v1/profile", headers=bearer(person))).json()["username"] == "annabel"
    assert (await person.http.get(PATH, headers=bearer(person))).json()["code"] == "kernel.verification_needed"
    await person.http.aclose()
