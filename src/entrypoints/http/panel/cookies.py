"""Small cookies that hold no secret: what a reader chose, and what a page has yet to tell."""

from http.cookies import CookieError, SimpleCookie

from litestar.types import Scope

from entrypoints.http.reading import header

THEME, LANGUAGE, NOTICE, PENDING = "soty_theme", "soty_language", "soty_notice", "soty_pending"
YEAR, MINUTE = 365 * 24 * 3600, 60
_LONGEST = 200


def cookie_of(scope: Scope, name: str) -> str:
    """The value of a cookie, empty when it did not come or cannot be read."""
    sent = (header(scope, b"cookie") or b"").decode("latin-1")
    try:
        found = SimpleCookie(sent).get(name)
    except CookieError:
        return ""
    return "" if found is None or len(found.value) > _LONGEST else found.value


def small_cookie(name: str, value: str, seconds: int) -> str:
    """The value of ``Set-Cookie`` for a cookie of every page; an empty one takes it away.

    :param seconds: how long it stays.
    """
    return f"{name}={value}; Max-Age={seconds if value else 0}; Path=/; HttpOnly; SameSite=Lax"
