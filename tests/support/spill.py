"""Somebody who puts secrets everywhere where somebody may put them, and watches what is answered."""

import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from typing import Any

import httpx
import pyotp

from tests.support.canaries import Canaries
from tests.support.eventually import eventually

AUTH = "/api/v1/auth"
OURS = {"sec-fetch-site": "same-origin"}
GIVEN = ("access_token", "refresh_token", "challenge", "secret", "key", "token")
"""Fields of answers that hold secrets."""
LINK_TOKEN = re.compile(r"token=([\w-]{20,})")
DIGITS = re.compile(r"(?<!\d)\d{6}(?!\d)")
MAIL = "/dev/mail.json"


class Spiller:
    """Sends requests of which each comes from an address of its own, and keeps what was answered that should not be."""

    def __init__(self, http: httpx.AsyncClient, canaries: Canaries, look: Callable[[], Awaitable[None]]) -> None:
        """:param look: is called behind every answer."""
        self.http, self.canaries, self._look = http, canaries, look
        self.told: dict[str, set[str]] = {}
        self.letters: dict[str, set[str]] = {}
        self.statuses: dict[str, int] = {}
        self._addresses = count(1)

    async def call(self, method: str, path: str, body: Any = None, **given: Any) -> httpx.Response:
        """Call something; ``content``, ``data`` and ``headers`` are those of httpx.

        What an answer gives is a secret from now on; what it tells of those of before is kept in ``told``, but for
        what stood in the address that was asked for, which it may name.
        """
        number = next(self._addresses)
        headers = {"x-forwarded-for": f"10.2.{number >> 8}.{number & 255}", **OURS, **given.pop("headers", {})}
        if body is not None:
            given["json"] = body
        answer = await self.http.request(method, path, headers=headers, **given)
        asked = f"{method} {path.partition('?')[0]} {answer.status_code} ({number})"
        self.statuses[asked] = answer.status_code
        said = json.dumps(answer.headers.multi_items()).encode() + answer.content
        if path.partition("?")[0] != MAIL and (
            found := self.canaries.within(said) - self.canaries.within(path.encode())
        ):
            self.told[asked] = found
        self._keep(asked, answer)
        await self._look()
        return answer

    async def post(self, path: str, body: Any = None, **given: Any) -> httpx.Response:
        """Send something to identity."""
        return await self.call("POST", AUTH + path, {} if body is None and not given else body, **given)

    async def done(self, path: str, body: Any = None, *, by: Mapping[str, str] | None = None) -> Any:
        """What is answered to something that is taken.

        :param by: headers that say who calls.
        """
        answer = await self.post(path, body, headers=dict(by or {}))
        assert answer.status_code < 300, (path, answer.text)
        return answer.json()

    async def letter(self, to: str, subject: int) -> dict[str, str]:
        """The secrets of one letter: the token of its link, and its six digits.

        :param subject: which one to this address it is, counted from 1.
        """
        found: list[Any] = []

        async def came() -> bool:
            found[:] = (await self.http.get(MAIL, params={"to": to})).json()
            return len(found) >= subject

        await eventually(came)
        letter = found[-subject]
        secrets = {}
        if link := LINK_TOKEN.search(letter["text"]):
            secrets["token"] = self.canaries.note(f"link of {letter['subject']}", link[1])
        if digits := DIGITS.search(LINK_TOKEN.sub("", letter["text"])):
            secrets["code"] = self.canaries.note(f"digits of {letter['subject']}", digits[0])
        self.letters[letter["key"]] = {self.canaries.names[each] for each in secrets.values()}
        return secrets

    def _keep(self, asked: str, answer: httpx.Response) -> None:
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            if len(value) > 30:
                self.canaries.note(f"cookie {name}", value.rpartition(".")[2])
        if answer.status_code < 300 and answer.headers.get("content-type", "").startswith("application/json"):
            found = answer.json()
            for name in GIVEN:
                if isinstance(found, dict) and isinstance(found.get(name), str):
                    self.canaries.note(f"{name} of {asked}", found[name])
            for code in found.get("codes", []) if isinstance(found, dict) else []:
                self.canaries.note("recovery code", code)


async def spill_nonsense(who: Spiller) -> None:
    """Send secrets that fit nowhere, in every place of a request."""
    new, post, login = who.canaries.new, who.post, "nobody@example.com"
    for length in (9, 24, 200):
        password = new(f"password of {length}", length)
        await post("/login", {"login": login, "password": password})
        await post("/register", {"login": "nobody", "password": password})
        await post("/reset-password", {"token": new("token"), "new_password": password})
        await who.call("POST", "/sign-in", data={"login": login, "password": password})
        await who.call("POST", "/register", data={"login": "x", "password": password})
    for content in ('{"login":"a","password":"%s"', '{"login":"a","password":["%s"]}', '{"password":"%s"}', '["%s"]'):
        await post("/login", content=content % new("broken JSON"), headers={"content-type": "application/json"})
    await post("/login", content=f"password={new('text')}", headers={"content-type": "text/plain"})
    await post("/login", {"login": login, "password": "x" * 20, "secret": new("unknown field")})
    for path in ("/verify-email", "/change-email/confirm", "/change-email/undo", "/undo-deletion"):
        await post(path, {"token": new("token")})
        await post(path, {"token": new("long token", 5000)})
    await post("/verify-email", {"login": login, "code": new("code")})
    await post("/refresh", {"refresh_token": new("refresh token")})
    await post("/mfa/challenge", {"challenge": new("challenge"), "code": new("code", 19)})
    await post("/codes/verify", {"token": new("token"), "code": new("code")})
    await post("/telegram/login", {"said": {"id": 7, "first_name": "A", "auth_date": 1, "hash": new("hash")}})
    await post("/telegram/login", {"said": f"user=%7B%7D&auth_date=1&hash={new('hash of a Mini App')}"})
    await post("/telegram/bot", {"telegram_id": 7}, headers={"x-bot-api-key": new("bot key")})
    for name in ("bearer", "basic", "token", "digest"):
        await who.call("GET", f"{AUTH}/me", headers={"authorization": f"{name} {new(name)}"})
    for name in ("cookie", "x-api-key", "x-csrf-token", "x-auth-token", "proxy-authorization", "webhook-signature"):
        secret = new(name)
        value = f"soty_session={secret}; soty_refresh={secret}" if name == "cookie" else secret
        await who.call("POST", f"{AUTH}/refresh", {}, headers={name: value})
        await who.call("POST", "/api/v1/kafka/webhook", {}, headers={name: value})
        await who.call("GET", "/profile", headers={name: value})
    for path in (f"{AUTH}/me", "/profile", "/nowhere", "/ops", "/metrics", "/health/ready", "/api/v1/movements"):
        await who.call("GET", f"{path}?token={new('query')}&password={new('query')}")
    await who.call("PUT", f"/api/v1/{new('path')}", {"password": new("body nobody reads")})


async def live(who: Spiller, name: str) -> None:
    """Do all that somebody can do with an account, with secrets of its own."""
    new, email = who.canaries.new, f"{name}@example.com"
    first, second, third = (new(f"password {number}") for number in (1, 2, 3))
    await who.done("/register", {"login": email, "password": first})
    await who.done("/verify-email", {"login": email, "code": (await who.letter(email, 1))["code"]})
    tokens = await who.done("/login", {"login": email, "password": first})
    tokens = await who.done("/refresh", {"refresh_token": tokens["refresh_token"]})
    by = {"authorization": f"Bearer {tokens['access_token']}"}
    changed = await who.done("/change-password", {"password": first, "new_password": second}, by=by)
    by = {"authorization": f"Bearer {changed['access_token']}"}
    key = await who.done("/api-keys", {"name": "deploy"}, by=by)
    await who.call("GET", f"{AUTH}/me", headers={"authorization": f"Bearer {key['key']}"})
    link = (await who.done("/telegram/link", by=by))["url"]
    who.canaries.note("link of Telegram", link.rpartition("=")[2])
    enrolment = await who.done("/mfa/totp", by=by)
    codes = await who.done("/mfa/totp/confirm", {"code": _shown(enrolment["secret"])}, by=by)
    await who.done("/mfa/recovery-codes", by=by)
    renewed = await who.done("/mfa/recovery-codes", by=by)
    asked = await who.done("/login", {"login": email, "password": second})
    await who.post("/mfa/challenge", {"challenge": asked["challenge"], "code": codes["codes"][0]})
    await who.done("/mfa/challenge", {"challenge": asked["challenge"], "code": renewed["codes"][0]})
    await who.done("/change-email", {"email": f"new-{email}"}, by=by)
    await who.done("/change-email/confirm", {"token": (await who.letter(f"new-{email}", 1))["token"]})
    await who.done("/forgot-password", {"login": f"new-{email}"})
    reset = await who.letter(f"new-{email}", 2)
    await who.call("GET", f"/reset-password?token={reset['token']}")
    await who.done("/reset-password", {"token": reset["token"], "new_password": third})


def _shown(secret: str) -> str:
    return pyotp.TOTP(secret).at(time.time())
