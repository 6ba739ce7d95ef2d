"""Who calls: by a header or a cookie, from where, and never because a page of another site wants it."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from msgspec.structs import replace

from core.kernel.actor import Actor, ActorKind, Origin
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.errors import Unauthenticated
from entrypoints.http.callers import AGENT_LENGTH, REQUEST_ID, Callers
from entrypoints.http.cookies import REFRESH_PATH, Cookies
from entrypoints.http.errors import CrossSiteError
from entrypoints.shared.settings import AppSettings, Settings
from tests.support.http import callers_of

TLS = Settings(app=AppSettings(public_url="https://soty.example"))
PLAIN = Settings(app=AppSettings(public_url="http://127.0.0.1:8000"))
SESSION, BARE = "__Host-soty_session", "soty_session"
OURS = {"sec-fetch-site": "same-origin"}


class Remembering(Authenticator):
    """Lets everybody in, and remembers with what."""

    def __init__(self) -> None:
        self.seen: list[Credential | None] = []

    async def authenticate(self, credential: Credential | None) -> Actor:
        self.seen.append(credential)
        return Actor(ActorKind.USER, "user")


def scope_of(method: str = "POST", *headers: tuple[str, str], **more: str) -> Any:
    sent = [*headers, *((name.replace("_", "-"), text) for name, text in more.items())]
    raw = [(name.encode(), text.encode("latin-1")) for name, text in sent]
    return {"type": "http", "method": method, "client": ("203.0.113.9", 1), "headers": raw, REQUEST_ID: "r-1"}


async def seen(scope: Any, settings: Settings = TLS) -> Credential | None:
    authenticator = Remembering()
    await callers_of(authenticator, settings.public_url).actor(scope)
    return authenticator.seen[0]


def callers() -> Callers:
    return callers_of(Remembering(), TLS.public_url)


async def test_a_header_says_who_calls_and_no_cookie_then() -> None:
    found = await seen(scope_of(authorization="Bearer abc", cookie=f"{SESSION}=xyz", sec_fetch_site="cross-site"))
    assert found == Credential(Scheme.BEARER, "abc")


async def test_a_header_of_another_kind_is_refused_even_beside_a_cookie() -> None:
    with pytest.raises(Unauthenticated):
        await seen(scope_of(authorization="Basic abc", cookie=f"{SESSION}=xyz", **OURS))


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_a_cookie_is_enough_to_read(method: str) -> None:
    assert await seen(scope_of(method, cookie=f"a=b; {SESSION}=xyz; c=d")) == Credential(Scheme.COOKIE, "xyz")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
@pytest.mark.parametrize(
    "headers, passes",
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, True),
        ({"origin": "https://soty.example"}, True),
        ({}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://soty.example"}, False),
        ({"sec-fetch-site": ""}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "http://soty.example"}, False),
        ({"origin": "https://soty.example.evil.example"}, False),
        ({"origin": "https://soty.example:8443"}, False),
        ({"origin": "https://evil.example", "host": "evil.example"}, False),
        ({"referer": "https://soty.example/"}, False),
    ],
)
async def test_to_change_something_a_page_of_ours_has_to_ask(
    method: str, headers: dict[str, str], passes: bool
) -> None:
    scope = scope_of(method, ("cookie", f"{SESSION}=xyz"), *headers.items())
    if passes:
        assert await seen(scope) == Credential(Scheme.COOKIE, "xyz")
    else:
        with pytest.raises(CrossSiteError):
            await seen(scope)


@pytest.mark.parametrize(
    "settings, cookie",
    [
        (TLS, f"{BARE}=xyz"),
        (PLAIN, f"{SESSION}=xyz"),
        (TLS, f"{SESSION}="),
        (TLS, SESSION),
        (TLS, f"{SESSION}=one; {SESSION}=two"),
        (TLS, f"{SESSION.lower()}=xyz"),
        (TLS, f"other={SESSION}=xyz"),
        (TLS, ""),
    ],
)
async def test_what_is_no_session_of_ours_is_not_read(settings: Settings, cookie: str) -> None:
    """A name without a prefix could have been set by a neighbour of our domain."""
    assert await seen(scope_of("GET", cookie=cookie), settings) is None


async def test_a_session_in_several_headers_is_found() -> None:
    scope = scope_of("GET", ("cookie", "a=b"), ("cookie", f"{BARE}=xyz"), ("cookie", f"{BARE}=xyz"))
    assert await seen(scope, PLAIN) == Credential(Scheme.COOKIE, "xyz")


def test_what_renews_a_session_is_read_only_for_a_page_of_ours() -> None:
    cookie = ("cookie", "__Secure-soty_refresh=abc")
    assert callers().refresh(scope_of("POST", cookie, *OURS.items())) == "abc"
    assert callers().refresh(scope_of("POST", *OURS.items())) is None
    with pytest.raises(CrossSiteError):
        callers().refresh(scope_of("POST", cookie))


def test_from_where() -> None:
    found = callers().traced(scope_of(user_agent="Mozilla/5.0"), Actor(ActorKind.USER, "user"))
    assert found == replace(found, origin=Origin("203.0.113.9", "Mozilla/5.0", "r-1"))


def test_an_agent_is_short_and_printable() -> None:
    found = callers().origin(scope_of(user_agent="a\x1b[31m\x00\x85\xadb" + "c" * 1000)).agent
    assert found.startswith("a[31mbccc")
    assert found.isprintable()
    assert len(found) <= AGENT_LENGTH


@pytest.mark.parametrize("settings", [TLS, PLAIN])
def test_every_cookie_is_kept_from_scripts_and_from_other_sites(settings: Settings) -> None:
    cookies, secure = Cookies(settings), settings is TLS
    session, refresh = (SimpleCookie(text) for text in (cookies.session("abc", 60), cookies.refresh("def", 60)))
    (name, kept), (other, renews) = next(iter(session.items())), next(iter(refresh.items()))
    assert (name, other) == ((SESSION, "__Secure-soty_refresh") if secure else (BARE, "soty_refresh"))
    assert [kept.value, kept["path"], kept["samesite"], kept["max-age"]] == ["abc", "/", "Lax", "60"]
    assert [renews.value, renews["path"], renews["samesite"]] == ["def", REFRESH_PATH, "Strict"]
    for each in (kept, renews):
        assert each["httponly"]
        assert bool(each["secure"]) == secure
        assert not each["domain"]


def test_what_takes_cookies_away_names_them_as_they_were_set() -> None:
    names, paths = (SESSION, "__Secure-soty_refresh", "__Host-soty_own"), ("/", REFRESH_PATH, "/")
    for text, name, path in zip(Cookies(TLS).gone(), names, paths, strict=True):
        (key, gone) = next(iter(SimpleCookie(text).items()))
        assert (key, gone.value, gone["max-age"], gone["path"]) == (name, "", "0", path)
