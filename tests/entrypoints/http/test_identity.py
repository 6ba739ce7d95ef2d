"""People over HTTP, by both transports: from registration to a new password."""

from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest

from adapters.memory.clock import FakeClock
from core.kernel.seal import Seal
from core.notifications.events import LetterWanted
from core.notifications.ports import Mailbox
from tests.support.app import App
from tests.support.crowd import OTHER, PASSWORD, Letter
from tests.support.http import URL

AUTH = "/api/v1/auth"
ANN = "ann@example.com"
THIRD = "three walruses play nothing"
OURS = {"sec-fetch-site": "same-origin"}


class Person:
    """Somebody with a browser, or a program, of its own."""

    def __init__(self, app: App, clock: FakeClock, transport: str, address: str = "192.0.2.1") -> None:
        self.app, self.clock, self.transport = app, clock, transport
        asgi = httpx.ASGITransport(cast(Any, app), client=(address, 4000))
        headers = OURS if transport == "cookie" else {}
        self.http = httpx.AsyncClient(transport=asgi, base_url=URL, headers=headers)
        self.tokens: dict[str, str] = {}

    async def call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """Call one operation as whoever is signed in, and keep what carries the session from now on."""
        headers = {"authorization": f"Bearer {self.tokens['access_token']}"} if self.tokens else {}
        answer = await self.http.request(method, AUTH + path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        assert answer.headers["cache-control"] == "no-store"
        found = answer.json()
        if "access_token" in found:
            self.tokens = found
        return found

    async def post(self, path: str, status: int = 200, **body: Any) -> Any:
        """Send one body."""
        return await self.call("POST", path, body, status)

    async def sign_in(self, password: str = PASSWORD, login: str = ANN, status: int = 200) -> Any:
        """Sign in."""
        self.tokens = {}
        return await self.post(f"/login?transport={self.transport}", status, login=login, password=password)

    async def refresh(self, status: int = 200) -> Any:
        """Go on."""
        body = {"refresh_token": self.tokens["refresh_token"]} if self.tokens else {}
        return await self.post("/refresh", status, **body)

    async def letter(self) -> Letter:
        """The newest letter to anybody."""
        await self.app.run_until_idle(self.clock)
        facts = [fact for fact in self.app.heard if isinstance(fact, LetterWanted)]
        seal = await self.app.get(Seal)
        return Letter(facts[-1].letter, facts[-1].to, facts[-1].opened(seal))


@pytest.fixture(params=["bearer", "cookie"])
async def ann(app: App, clock: FakeClock, request: pytest.FixtureRequest) -> AsyncIterator[Person]:
    """Ann, who has not registered yet."""
    person = Person(app, clock, request.param)
    yield person
    await person.http.aclose()


async def registered(person: Person, login: str = ANN) -> None:
    """Register and verify."""
    await person.post("/register", 202, login=login, password=PASSWORD)
    await person.post("/verify-email", token=(await person.letter()).token)


async def test_the_walk(ann: Person) -> None:
    assert await ann.post("/register", 202, login=ANN, password=PASSWORD) == {"status": "accepted"}
    letter = await ann.letter()
    assert (letter.name, letter.to) == ("identity.verify_email", ANN)
    await ann.sign_in()
    assert not (await ann.call("GET", "/me"))["verified"]
    await ann.post("/verify-email", login=ANN, code=letter.code)
    me = await ann.call("GET", "/me")
    assert (me["email"], me["verified"], me["status"]) == (ANN, True, "active")

    first = (await ann.refresh())["session_id"]
    second = Person(ann.app, ann.clock, ann.transport, "198.51.100.1")
    await second.sign_in()
    sessions = (await ann.call("GET", "/sessions"))["items"]
    assert [(each["current"], each["address"]) for each in sessions] == [
        (False, "198.51.100.1"),
        (True, "192.0.2.1"),
    ]
    await ann.call("DELETE", f"/sessions/{sessions[0]['id']}")
    assert (await second.call("GET", "/me", status=401))["code"] == "kernel.unauthenticated"
    await second.sign_in()
    assert await ann.call("DELETE", "/sessions") == {"ended": 1}

    await second.sign_in()
    changed = await ann.post("/change-password", password=PASSWORD, new_password=OTHER)
    assert changed["session_id"] == first
    assert (await ann.call("GET", "/me"))["id"] == me["id"]
    await second.call("GET", "/me", status=401)
    reasons = [each["end_reason"] for each in (await ann.call("GET", "/sessions"))["items"]]
    assert reasons == ["password_changed", "revoked", "revoked", None]

    await second.post("/forgot-password", 202, login=ANN)
    reset = await ann.letter()
    assert reset.name == "identity.reset_password_email"
    await second.post("/reset-password", token=reset.token, new_password=THIRD)
    await ann.call("GET", "/me", status=401)
    assert (await second.sign_in(OTHER, status=401))["code"] == "identity.wrong_credentials"
    await second.sign_in(THIRD)
    await second.call("POST", "/logout")
    await second.call("GET", "/me", status=401)
    await second.http.aclose()


async def test_by_phone_the_code_comes_to_the_mailbox_of_development(ann: Person) -> None:
    phone = "+4930901820"
    await ann.post("/register", 202, login=phone, password=PASSWORD)
    letter = await ann.letter()
    assert (letter.name, letter.to) == ("identity.verify_phone", f"tel:{phone}")
    (kept,) = await (await ann.app.get(Mailbox)).letters(f"tel:{phone}", 1)
    assert letter.code in kept.text
    await ann.post("/verify-email", login=phone, code=letter.code)
    await ann.sign_in(login=phone)
    me = await ann.call("GET", "/me")
    assert (me["phone"], me["phone_verified"], me["verified"]) == (phone, True, True)


async def test_moving_to_another_address_and_back(ann: Person) -> None:
    await registered(ann)
    await ann.sign_in()
    await ann.post("/change-email", 202, email="new@example.org")
    assert (await ann.call("GET", "/me"))["email"] == ANN
    letter = await ann.letter()
    assert (letter.name, letter.to) == ("identity.change_email", "new@example.org")
    await ann.post("/change-email/code", code=letter.code)
    assert (await ann.call("GET", "/me"))["email"] == "new@example.org"
    undo = await ann.letter()
    assert (undo.name, undo.to) == ("identity.email_changed", ANN)
    await ann.post("/change-email/undo", token=undo.token)
    await ann.call("GET", "/me", status=401)
    await ann.sign_in()
    assert (await ann.call("GET", "/me"))["email"] == ANN


async def test_sensitive_acts_need_a_fresh_proof(ann: Person) -> None:
    await registered(ann)
    await ann.sign_in()
    ann.clock.advance(601)
    refused = await ann.post("/change-email", 403, email="new@example.org")
    assert refused["code"] == "kernel.proof_needed"
    assert (await ann.post("/reauthenticate", 401, password=OTHER))["code"] == "identity.wrong_credentials"
    await ann.post("/reauthenticate", password=PASSWORD)
    await ann.post("/change-email", 202, email="new@example.org")


async def test_a_token_that_is_sent_again_ends_the_session(ann: Person) -> None:
    await registered(ann)
    await ann.sign_in()
    jar, tokens = dict(ann.http.cookies), dict(ann.tokens)
    await ann.refresh()
    after = dict(ann.http.cookies), dict(ann.tokens)
    ann.clock.advance(11)
    ann.http.cookies, ann.tokens = httpx.Cookies(jar), tokens
    assert (await ann.refresh(401))["code"] == "identity.refresh_refused"
    ann.http.cookies, ann.tokens = httpx.Cookies(after[0]), after[1]
    await ann.call("GET", "/me", status=401)
    await ann.refresh(401)


async def test_cookies_of_another_are_never_adopted(app: App, clock: FakeClock) -> None:
    ann, eve = Person(app, clock, "cookie"), Person(app, clock, "cookie", "192.0.2.66")
    await registered(ann)
    await eve.post("/register", 202, login="eve@example.com", password=PASSWORD)
    await eve.sign_in(login="eve@example.com")
    for cookie in eve.http.cookies.jar:
        ann.http.cookies.jar.set_cookie(cookie)
    await ann.sign_in()
    assert not set(dict(ann.http.cookies).values()) & set(dict(eve.http.cookies).values())
    assert (await ann.call("GET", "/me"))["email"] == ANN
    assert (await eve.call("GET", "/me"))["email"] == "eve@example.com"
    for each in (ann, eve):
        await each.http.aclose()


async def test_known_and_unknown_are_answered_alike(app: App, clock: FakeClock) -> None:
    ann = Person(app, clock, "bearer")
    await registered(ann)
    for path, body, status in (
        ("/register", {"password": PASSWORD}, 202),
        ("/login", {"password": OTHER}, 401),
        ("/forgot-password", {}, 202),
        ("/verify-email/resend", {}, 202),
        ("/verify-email", {"code": "123456"}, 422),
        ("/reset-password", {"code": "123456", "new_password": THIRD}, 422),
    ):
        clock.advance(60)
        found = [await ann.http.post(AUTH + path, json={"login": who, **body}) for who in (ANN, "nobody@example.com")]
        bodies = [{k: v for k, v in each.json().items() if k not in ("error_id", "instance", "at")} for each in found]
        assert [each.status_code for each in found] == [status, status]
        assert bodies[0] == bodies[1]
        assert set(found[0].headers) == set(found[1].headers)
    await ann.http.aclose()


async def test_too_many_tries(app: App, clock: FakeClock) -> None:
    ann = Person(app, clock, "bearer")
    for _ in range(5):
        await ann.sign_in(status=401)
    refused = await ann.http.post(AUTH + "/login", json={"login": ANN, "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (429, "kernel.limited")
    assert int(refused.headers["retry-after"]) == 60
    await ann.http.aclose()
