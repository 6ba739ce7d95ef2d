"""The page itself, and the door in front of it."""

from urllib.parse import parse_qsl

from litestar.handlers import HTTPRouteHandler
from litestar.types import Receive, Scope

from core.kernel.actor import ANONYMOUS
from core.kernel.errors import Forbidden, Unauthenticated
from entrypoints.http.answer import Answer, Headers
from entrypoints.http.gate import Gate
from entrypoints.http.ops.door import Door, cookie_of
from entrypoints.http.ops.overview import Ops
from entrypoints.http.ops.page import THEMES, Reader, overview_page, sign_in_page
from entrypoints.http.reading import language_of, read_body
from entrypoints.http.route import plain_route

PAGE = "/ops"
THEME = "soty_theme"
YEAR = 365 * 24 * 3600
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_FIELDS = 10


class Site:
    """Serves the page; every form of it works without a script."""

    def __init__(self, ops: Ops, door: Door, gate: Gate) -> None:
        """:param gate: counts attempts to sign in, where calls are limited."""
        self._ops = ops
        self._door = door
        self._gate = gate

    def routes(self) -> list[HTTPRouteHandler]:
        """The page and its forms."""
        return [
            plain_route("GET", PAGE, "ops", self.show),
            plain_route("POST", f"{PAGE}/sign-in", "ops sign in", self.sign_in),
            plain_route("POST", f"{PAGE}/sign-out", "ops sign out", self.sign_out),
            plain_route("POST", f"{PAGE}/theme", "ops theme", self.theme),
        ]

    async def show(self, scope: Scope, _: Receive) -> Answer:
        """The overview, or the form to sign in."""
        reader = self._reader(scope)
        try:
            overview = await self._ops.look(await self._door.actor(scope))
        except (Unauthenticated, Forbidden):
            return _page(401, sign_in_page(reader, has_key=self._door.has_key, wrong=False), reader)
        return _page(200, overview_page(reader, overview), reader)

    async def sign_in(self, scope: Scope, receive: Receive) -> Answer:
        """Trade the key for a cookie; a wrong one counts for the address that sent it."""
        reader = self._reader(scope)
        try:
            cookie = await self._door.sign_in((await _form(scope, receive)).get("key", ""))
        except Unauthenticated:
            if self._gate.limit is not None:
                await self._gate.admit(scope, ANONYMOUS)
            return _page(401, sign_in_page(reader, has_key=self._door.has_key, wrong=True), reader)
        return _back(cookie)

    async def sign_out(self, _: Scope, __: Receive) -> Answer:
        """Take the cookie away."""
        return _back(self._door.sign_out())

    async def theme(self, scope: Scope, receive: Receive) -> Answer:
        """Keep the theme that was chosen; any other word is that of the system."""
        chosen = (await _form(scope, receive)).get("theme", "")
        value, seconds = (chosen, YEAR) if chosen in THEMES else ("", 0)
        return _back(f"{THEME}={value}; Max-Age={seconds}; Path=/; SameSite=Lax")

    def _reader(self, scope: Scope) -> Reader:
        theme = cookie_of(scope, THEME)
        return Reader(language_of(scope), theme if theme in THEMES else "", self._door.signed_in(scope))


async def _form(scope: Scope, receive: Receive) -> dict[str, str]:
    """Fields of a form; none when it cannot be read."""
    text = (await read_body(scope, receive)).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(text, max_num_fields=_FIELDS))
    except ValueError:
        return {}


def _page(status: int, html: str, reader: Reader) -> Answer:
    headers: Headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-language", reader.language.encode()),
        (b"vary", b"accept-language, cookie"),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", POLICY),
        (b"referrer-policy", b"no-referrer"),
    ]
    return Answer(status, html.encode(), headers)


def _back(cookie: str) -> Answer:
    return Answer(
        303, b"", [(b"location", PAGE.encode()), (b"set-cookie", cookie.encode()), (b"cache-control", b"no-store")]
    )
