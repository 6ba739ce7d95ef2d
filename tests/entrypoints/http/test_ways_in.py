"""The second factor, API keys, codes and Telegram over HTTP."""

from collections.abc import AsyncIterator

import pyotp
import pytest

from adapters.memory.clock import FakeClock
from adapters.security.telegram import BotTokenProof
from contracts.ports.telegram_proof import BOT_KEY, BOT_TOKEN, mini_app, widget
from core.identity.telegram import TelegramProof, TelegramUser
from core.identity.usecases.link_telegram import LinkTelegram
from core.kernel.actor import system_actor
from core.kernel.secret import Secret
from tests.entrypoints.http.test_identity import ANN, Person, registered
from tests.support.app import App

USER = TelegramUser(8589934592, "Анна K & Co=", "anna")
LATER = 301


@pytest.fixture(params=["bearer", "cookie"])
async def ann(app: App, clock: FakeClock, request: pytest.FixtureRequest) -> AsyncIterator[Person]:
    """Ann, who is signed in."""
    person = Person(app, clock, request.param)
    await registered(person)
    await person.sign_in()
    yield person
    await person.http.aclose()


async def empty(person: Person, method: str, path: str) -> None:
    """Call what answers nothing."""
    headers = {"authorization": f"Bearer {person.tokens['access_token']}"} if person.tokens else {}
    answer = await person.http.request(method, f"/api/v1/auth{path}", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cache-control"] == "no-store"


def shown(person: Person, secret: str) -> str:
    """What an app shows now."""
    return pyotp.TOTP(secret).at(person.clock.now())


async def test_the_second_factor_from_its_making_to_its_end(ann: Person) -> None:
    off = {"enabled": False, "since": None, "recovery_codes_left": 0}
    assert await ann.call("GET", "/mfa") == off
    made = await ann.post("/mfa/totp")
    assert made["uri"].startswith("otpauth://totp/Soty:ann%40example.com")
    assert made["picture"].startswith("data:image/svg+xml")
    assert (await ann.post("/mfa/totp/confirm", 403, code="000000"))["code"] == "identity.second_factor_wrong"
    codes = (await ann.post("/mfa/totp/confirm", code=shown(ann, made["secret"])))["codes"]
    assert (await ann.call("GET", "/mfa"))["recovery_codes_left"] == len(codes) == 10

    ann.clock.advance(LATER)
    asked = await ann.sign_in()
    assert set(asked) == {"status", "challenge", "expires_at"}
    assert asked["status"] == "second_factor_needed"
    assert not ann.http.cookies or ann.transport == "cookie"
    challenge = asked["challenge"]
    assert (await ann.post("/mfa/challenge", 403, challenge=challenge, code="000000"))["code"] == (
        "identity.second_factor_wrong"
    )
    assert (await ann.post("/mfa/challenge", challenge=challenge, code=codes[0]))["status"] == "signed_in"
    assert (await ann.call("GET", "/me"))["email"] == ANN
    assert (await ann.post("/mfa/challenge", 401, challenge=challenge, code=codes[1]))["code"] == (
        "identity.challenge_void"
    )

    ann.clock.advance(601)
    await ann.refresh()
    assert (await ann.post("/mfa/recovery-codes", 403))["code"] == "kernel.proof_needed"
    await ann.post("/reauthenticate", code=shown(ann, made["secret"]))
    assert len((await ann.post("/mfa/recovery-codes"))["codes"]) == 10
    await empty(ann, "DELETE", "/mfa/totp")
    assert await ann.call("GET", "/mfa") == off
    assert (await ann.sign_in())["status"] == "signed_in"


async def test_an_api_key_speaks_for_its_owner_until_it_is_revoked(ann: Person) -> None:
    assert (await ann.post("/api-keys", 403, name="more", scopes=["inventory.read"]))["code"] == (
        "identity.scopes_not_held"
    )
    for wrong in ({"name": "a\0"}, {"name": ""}, {"name": "x", "expires_at": "9999-12-31T23:59:59-23:59"}):
        await ann.post("/api-keys", 422, **wrong)
    made = await ann.post("/api-keys", 201, name="deploy")
    program = Person(ann.app, ann.clock, "bearer")
    program.tokens = {"access_token": made["key"]}
    assert (await program.call("GET", "/me"))["email"] == ANN
    (shown_key,) = await program.call("GET", "/api-keys")
    assert made["key"].rpartition("_")[2] not in str(shown_key)
    assert shown_key["used_at"] is not None
    for path in ("/api-keys", "/mfa/totp", "/telegram/link"):
        refused = await program.call("POST", path, {"name": "x"} if path == "/api-keys" else None, 403)
        assert refused["code"] == "kernel.proof_needed"
    await empty(ann, "DELETE", f"/api-keys/{made['view']['id']}")
    assert (await program.call("GET", "/me", status=401))["code"] == "kernel.unauthenticated"
    await program.http.aclose()


async def test_a_code_of_a_letter_signs_in(ann: Person) -> None:
    ann.tokens = {}
    asked = await ann.post("/codes", 202, login=ANN)
    unknown = await Person(ann.app, ann.clock, "bearer", "198.51.100.7").post("/codes", 202, login="x@example.com")
    assert set(asked) == set(unknown) == {"token"}
    letter = await ann.letter()
    assert (letter.name, letter.to) == ("identity.sign_in_code", ANN)
    refused = await ann.post("/codes/verify", 422, token=unknown["token"], code=letter.code)
    assert refused["code"] == "identity.code_refused"
    found = await ann.post(f"/codes/verify?transport={ann.transport}", token=asked["token"], code=letter.code)
    assert found["status"] == "signed_in"
    assert (await ann.call("GET", "/me"))["email"] == ANN


async def test_telegram_is_unset_where_no_bot_is(ann: Person) -> None:
    assert (await ann.post("/telegram/link", 404))["code"] == "identity.telegram_unset"
    assert (await ann.post("/telegram/login", 404, said="hash=x"))["code"] == "identity.telegram_unset"
    assert (await ann.post("/telegram/bot", 404, telegram_id=1))["code"] == "identity.telegram_unset"


@pytest.fixture
async def bot(app: App) -> str:
    """A bot that is set up; its key."""
    app.replace(TelegramProof, BotTokenProof(Secret(BOT_TOKEN), "soty_bot", Secret(BOT_KEY)))
    return BOT_KEY


async def test_a_user_of_telegram_signs_in_by_every_door(bot: str, ann: Person) -> None:
    token = (await ann.post("/telegram/link"))["url"].removeprefix("https://t.me/soty_bot?start=")
    link = await ann.app.get(LinkTelegram)
    await link(system_actor("bot"), token, USER)
    now = str(int(ann.clock.now().timestamp()))
    transport = f"?transport={ann.transport}"
    for said in (widget(auth_date=now), mini_app(auth_date=now)):
        ann.tokens = {}
        assert (await ann.post(f"/telegram/login{transport}", said=said))["status"] == "signed_in"
        assert (await ann.call("GET", "/me"))["email"] == ANN
    refused = await ann.post("/telegram/login", 401, said=mini_app("1:other", auth_date=now))
    assert refused["code"] == "identity.telegram_refused"

    body = {"telegram_id": USER.id}
    for key, status, code in ((None, 401, "telegram_refused"), ("x", 401, "telegram_refused"), (bot, 200, "")):
        headers = {} if key is None else {"X-BOT-API-KEY": key}
        answer = await ann.http.post(f"/api/v1/auth/telegram/bot{transport}", json=body, headers=headers)
        assert (answer.status_code, answer.json().get("code", "")) == (status, code and f"identity.{code}")
    headers = {"X-BOT-API-KEY": bot}
    answer = await ann.http.post("/api/v1/auth/telegram/bot", json={"telegram_id": 7}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "identity.telegram_not_linked")

    await empty(ann, "DELETE", "/telegram/link")
    assert (await ann.call("DELETE", "/telegram/link", status=404))["code"] == "identity.telegram_not_linked"
    assert (await ann.call("GET", "/me"))["email"] == ANN
