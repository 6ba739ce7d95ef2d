"""No answer goes without safe headers: every route, every method, strangers and friends, and what goes wrong."""

from collections.abc import AsyncIterator, Iterator
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import httpx
import pytest
from dishka import Provider, Scope
from litestar import Litestar
from litestar.routes import HTTPRoute
from msgspec.structs import replace

from entrypoints.http.operations import OPERATIONS
from entrypoints.http.platform import Platform
from entrypoints.http.safety import Safety
from entrypoints.shared.settings import AppSettings, Settings
from tests.support.http import BEARER, KEY, Client, memory_settings, serving

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW")
ID = str(UUID(int=7))
WANTED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
}
FORGED = ({"host": "evil.example"}, {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"})


def tls(settings: Settings) -> Settings:
    return replace(settings, app=replace(settings.app, public_url="https://soty.example"))


@pytest.fixture(scope="module")
async def crawled() -> AsyncIterator[Client]:
    async with serving(tls(memory_settings(KEY))) as client:
        yield client


def paths_of(client: Client) -> list[str]:
    """An address of every route there is, and one of none."""
    inner: Any = client.http
    inner = inner._transport.app
    while not isinstance(inner, Litestar):
        inner = inner._app
    routes = [each for each in inner.routes if isinstance(each, HTTPRoute)]
    templates = {each.path_format for each in routes} | {each.path for each in OPERATIONS}
    return [*sorted(map(_filled, templates)), "/nowhere", f"/api/v1/{ID}", "/%2e%2e/etc"]


def _filled(template: str) -> str:
    parts = template.split("/")
    return "/".join(ID if part.startswith("{") else part for part in parts) or "/"


def missing(answer: httpx.Response) -> Iterator[str]:
    """What an answer lacks."""
    headers = answer.headers
    yield from (name for name, value in WANTED.items() if headers.get(name) != value)
    policy = headers.get("content-security-policy", "")
    yield from (part for part in ("default-src 'none'", "frame-ancestors 'none'") if part not in policy)
    if "cache-control" not in headers:
        yield "cache-control"
    if "server" in headers or "x-powered-by" in headers:
        yield "silence about the server"
    for text in headers.get_list("set-cookie"):
        (cookie,) = SimpleCookie(text).values()
        if not (cookie["secure"] and cookie["httponly"] and cookie["samesite"] in ("Lax", "Strict")):
            yield f"a safe cookie: {text}"


@pytest.mark.parametrize("headers", [{}, {"authorization": f"Bearer {KEY}"}, {"accept": "text/html"}])
async def test_every_answer_of_every_route_is_safe(crawled: Client, headers: dict[str, str]) -> None:
    found = {}
    for path in paths_of(crawled):
        for method in METHODS:
            answer = await crawled.http.request(method, path, headers=headers)
            if lacks := list(missing(answer)):
                found[f"{method} {path} {answer.status_code}"] = lacks
    assert found == {}


async def test_nothing_runs_or_is_kept_that_is_for_programs(crawled: Client) -> None:
    for operation in OPERATIONS:
        if operation.method == "GET":
            answer = await crawled.get(_filled(operation.path), **BEARER)
            assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
            assert answer.headers["cache-control"] in ("no-store", "private, no-cache")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW"])
async def test_methods_that_nobody_serves_are_refused(crawled: Client, method: str) -> None:
    found = {}
    for path in paths_of(crawled):
        answer = await crawled.http.request(method, path, headers={"x-secret": "canary"})
        if answer.status_code not in (404, 405) or "canary" in answer.text:
            found[path] = answer.status_code
    assert found == {}


async def test_the_name_that_was_asked_for_is_never_told(crawled: Client) -> None:
    for path in paths_of(crawled):
        for headers in FORGED:
            answer = await crawled.http.get(path, headers={**BEARER, **headers})
            assert "evil.example" not in answer.text + repr(answer.headers)


async def test_a_failure_of_ours_is_safe_too() -> None:
    class Failing(Platform):
        def __init__(self) -> None: ...

    provider = Provider(scope=Scope.APP)
    provider.provide(Failing, provides=Platform, override=True)
    async with serving(tls(memory_settings(KEY)), provider) as client:
        answer = await client.get("/health/ready")
        assert answer.status_code == 500
        assert list(missing(answer)) == []


def test_without_tls_nothing_speaks_of_it() -> None:
    settings = Settings(app=AppSettings(public_url="http://127.0.0.1:8000"))
    headers = dict(Safety(settings).around([(b"set-cookie", b"a=b")]))
    assert b"strict-transport-security" not in headers
    assert headers[b"set-cookie"] == b"a=b"


def test_what_an_answer_says_itself_stays() -> None:
    own = [(b"content-security-policy", b"default-src 'self'"), (b"cache-control", b"no-cache")]
    headers = Safety(Settings()).around(own)
    assert headers[:2] == own
    assert len({name for name, _ in headers}) == len(headers)


def test_the_crawler_sees_what_is_missing() -> None:
    assert len(list(missing(httpx.Response(200)))) == 6
    good = dict(Safety(tls(Settings())).around([]))
    for cookie in ("a=b; Secure; SameSite=Lax", "a=b; HttpOnly; SameSite=Lax", "a=b; HttpOnly; Secure; SameSite=None"):
        answer = httpx.Response(200, headers=[*good.items(), (b"set-cookie", cookie.encode())])
        assert list(missing(answer)) == [f"a safe cookie: {cookie}"]
