"""Pages for people: the documentation of the API, whole from the package, and of its errors."""

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from litestar.handlers import HTTPRouteHandler

from entrypoints.http.answer import Answer, Headers
from entrypoints.http.error_page import error_page
from entrypoints.http.openapi import document

STATIC = Path(__file__).with_name("static")
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'"
)
HTML, SCRIPT, STYLE = b"text/html; charset=utf-8", b"text/javascript; charset=utf-8", b"text/css; charset=utf-8"
FILES = {
    "/docs": ("docs.html", HTML),
    "/redoc": ("redoc.html", HTML),
    "/static/docs.js": ("docs.js", SCRIPT),
    "/static/redoc.js": ("redoc.js", SCRIPT),
    "/static/swagger-ui-bundle.js": ("swagger-ui/swagger-ui-bundle.js", SCRIPT),
    "/static/swagger-ui.css": ("swagger-ui/swagger-ui.css", STYLE),
    "/static/redoc.standalone.js": ("redoc/redoc.standalone.js", SCRIPT),
    "/static/favicon.svg": ("favicon.svg", b"image/svg+xml"),
}

Handle = Callable[[], Awaitable[Answer]]


def pages() -> list[HTTPRouteHandler]:
    """Routes of the pages, of what they load, and of the OpenAPI document; public everywhere."""
    return [
        _route("/openapi.json", _described),
        error_page(),
        *(_route(path, _file(name, media)) for path, (name, media) in FILES.items()),
    ]


def _route(path: str, handle: Handle) -> HTTPRouteHandler:
    return HTTPRouteHandler(path, http_method="GET", name=path)(handle)


def _file(name: str, media: bytes) -> Handle:
    async def handle() -> Answer:
        return Answer(200, _read(name), _headers(media))

    return handle


async def _described() -> Answer:
    return Answer(200, document(), _headers(b"application/json"))


def _headers(media: bytes) -> Headers:
    return [
        (b"content-type", media),
        (b"cache-control", b"no-cache"),
        (b"content-security-policy", POLICY),
        (b"referrer-policy", b"no-referrer"),
    ]


@cache
def _read(name: str) -> bytes:
    return STATIC.joinpath(name).read_bytes()
