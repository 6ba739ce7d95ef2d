"""Attacks on sessions over HTTP: forged tokens, planted cookies, pages of other sites, limits."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from itertools import count
from typing import Any

import httpx
import jwt
import pytest
from msgspec.structs import replace

from adapters.security.root_secret import RootSecret
from entrypoints.http.operations import OPERATIONS
from entrypoints.http.panel.forgery import FIELD
from tests.support.forgeries import Forger
from tests.support.http import KEY, SECRET, Client, memory_settings, serving

AUTH = "/api/v1/auth"
ANN, PASSWORD, OTHER = "ann@example.com", "a walrus plays the tuba", "two walruses play the tuba"
EVE = "eve@example.com"
OURS = {"sec-fetch-site": "same-origin"}
THEIRS = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
COOKIE = "soty_session"
ID = "00000000-0000-0000-0000-000000000007"
PLACES = count(1)
CHANGING = [each for each in OPERATIONS if each.method != "GET"]


@pytest.fixture(scope="module")
async def attacked() -> AsyncIterator[Client]:
    """An application with two people, who keep no cookies between calls."""
    settings = memory_settings(KEY)
    behind = replace(settings, http=replace(settings.http, trusted_proxies=("127.0.0.1",)))
    async with serving(behind) as client:
        del client.http.headers["authorization"]
        for login in (ANN, EVE):
            answer = await client.post(f"{AUTH}/register", {"login": login, "password": PASSWORD})
            assert answer.status_code == 202
        yield client


async def sign_in(client: Client, transport: str, login: str = ANN, **headers: str) -> httpx.Response:
    """Sign in from where nobody has been before, so that no limit is reached."""
    body = {"login": login, "password": PASSWORD}
    from_new = {"x-forwarded-for": f"2001:db8:0:{next(PLACES):x}::1"}
    answer = await client.post(f"{AUTH}/login?transport={transport}", body, **from_new, **headers)
    client.http.cookies.clear()
    return answer


def cookies_of(answer: httpx.Response) -> dict[str, str]:
    found = [SimpleCookie(text) for text in answer.headers.get_list("set-cookie")]
    return {name: each.value for cookies in found for name, each in cookies.items()}


async def session(client: Client, login: str = ANN) -> str:
    """The value of the cookie of a new session."""
    return cookies_of(await sign_in(client, "cookie", login))[COOKIE]


async def me(client: Client, **headers: str) -> httpx.Response:
    return await client.get(f"{AUTH}/me", **headers)


async def of_cookie(client: Client, value: str) -> str | None:
    """Whom a cookie is of; None when of nobody."""
    answer = await me(client, cookie=f"{COOKIE}={value}")
    return answer.json()["email"] if answer.status_code == 200 else None


async def test_no_forged_token_is_taken(attacked: Client) -> None:
    token = (await sign_in(attacked, "bearer")).json()["access_token"]
    said = jwt.decode(token, options={"verify_signature": False})
    forger = Forger(RootSecret([SECRET]).keys("jwt")[0], said)
    assert (await me(attacked, authorization=f"Bearer {forger.token()}")).status_code == 200
    good = forger.token()
    taken = {
        name: answer.status_code
        for name, forged in forger.all().items()
        if forged.strip() != good
        and (answer := await me(attacked, authorization=f"Bearer {forged}".encode().decode("latin-1"))).status_code
        != 401
    }
    assert taken == {}


async def test_what_carries_a_session_carries_it_in_one_way(attacked: Client) -> None:
    tokens = (await sign_in(attacked, "bearer")).json()
    cookies = cookies_of(await sign_in(attacked, "cookie"))
    access, refresh = tokens["access_token"], tokens["refresh_token"]
    for value in (refresh, cookies[COOKIE], cookies["soty_refresh"]):
        assert (await me(attacked, authorization=f"Bearer {value}")).status_code == 401
    for value in (access, refresh, cookies["soty_refresh"], KEY):
        assert await of_cookie(attacked, value) is None
    for value in (access, cookies["soty_refresh"]):
        answer = await attacked.post(f"{AUTH}/refresh", {"refresh_token": value})
        assert answer.status_code in (401, 422)


@pytest.mark.parametrize("planted", ["x", "", "a" * 5000, f"{ID}.secret", f"{ID}."])
async def test_a_planted_session_is_never_adopted(attacked: Client, planted: str) -> None:
    answer = await sign_in(attacked, "cookie", cookie=f"{COOKIE}={planted}", **OURS)
    value = cookies_of(answer)[COOKIE]
    assert value != planted
    assert await of_cookie(attacked, value) == ANN
    assert await of_cookie(attacked, planted) is None


async def test_the_session_of_an_attacker_does_not_become_that_of_its_victim(attacked: Client) -> None:
    planted = await session(attacked, EVE)
    answer = await sign_in(attacked, "cookie", cookie=f"{COOKIE}={planted}", **OURS)
    assert cookies_of(answer)[COOKIE] != planted
    assert await of_cookie(attacked, planted) in (EVE, None)


async def test_more_rights_mean_another_cookie(attacked: Client) -> None:
    value = await session(attacked)
    headers = {"cookie": f"{COOKIE}={value}", **OURS}
    answer = await attacked.post(f"{AUTH}/reauthenticate", {"password": PASSWORD}, **headers)
    attacked.http.cookies.clear()
    assert answer.status_code == 200
    assert cookies_of(answer)[COOKIE] != value


@pytest.mark.parametrize("operation", CHANGING, ids=lambda each: f"{each.method} {each.path}")
@pytest.mark.parametrize("media", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
async def test_no_other_site_changes_anything(attacked: Client, operation: Any, media: str) -> None:
    value = await session(attacked)
    path = "/".join(ID if part.startswith("{") else part for part in operation.path.split("/"))
    for headers in (THEIRS, {"sec-fetch-site": "same-site"}, {"origin": "null"}, {"origin": "http://soty.test.evil"}):
        sent = {"cookie": f"{COOKIE}={value}; soty_refresh=x", "content-type": media, **headers}
        answer = await attacked.http.request(operation.method, path, content=b"{}", headers=sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "http.cross_site"), headers
        assert "set-cookie" not in answer.headers
    assert await of_cookie(attacked, value) == ANN


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_what_a_form_can_send_is_no_json(attacked: Client, media: str) -> None:
    headers = {"cookie": f"{COOKIE}={await session(attacked)}", "content-type": media, **OURS}
    body = b'{"password": "a walrus plays the tuba", "new_password": "two walruses play the tuba"}'
    answer = await attacked.http.post(f"{AUTH}/change-password", content=body, headers=headers)
    assert answer.status_code == 415


async def test_nobody_is_signed_in_by_another_site(attacked: Client) -> None:
    answer = await sign_in(attacked, "cookie", EVE, **THEIRS)
    assert (answer.status_code, answer.json()["code"]) == (403, "http.cross_site")
    assert cookies_of(answer) == {}


async def test_a_page_of_ours_may_and_so_may_a_program(attacked: Client) -> None:
    cookie = {"cookie": f"{COOKIE}={await session(attacked)}"}
    assert (await attacked.post(f"{AUTH}/logout", {}, **cookie)).status_code == 403
    answer = await attacked.post(f"{AUTH}/logout", {}, **cookie, **OURS)
    assert answer.status_code == 200
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert cookies_of(answer) == {COOKIE: "", "soty_refresh": "", "soty_own": ""}
    token = (await sign_in(attacked, "bearer")).json()["access_token"]
    assert (await attacked.post(f"{AUTH}/logout", {}, authorization=f"Bearer {token}", **THEIRS)).status_code == 200


@pytest.mark.parametrize("path", ["/ops/sign-in", "/ops/sign-out"])
async def test_nobody_comes_to_the_page_of_operators_by_another_site(attacked: Client, path: str) -> None:
    answer = await attacked.http.post(path, data={"key": KEY}, headers=THEIRS)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def form_token_of(client: Client, value: str) -> str:
    """What the forms of a session carry."""
    page = await client.get("/profile", cookie=f"{COOKIE}={value}", accept="text/html")
    return page.text.partition(f'name="{FIELD}" value="')[2].partition('"')[0]


async def test_a_form_of_a_page_needs_the_token_of_its_session(attacked: Client) -> None:
    value, other = await session(attacked), await session(attacked, EVE)
    own, stolen = await form_token_of(attacked, value), await form_token_of(attacked, other)
    assert len({own, stolen, ""}) == 3
    statuses = {}
    for token in ("", stolen, "0" * 64, own):
        form = {FIELD: token, "do": "nothing_there"}
        answer = await attacked.http.post("/profile", data=form, headers={"cookie": f"{COOKIE}={value}", **OURS})
        statuses[token] = answer.status_code
    assert statuses == {"": 403, stolen: 403, "0" * 64: 403, own: 404}
