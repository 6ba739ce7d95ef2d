"""Files of pages, under addresses with a hash of their content: a browser may keep them for ever."""

import re
from collections.abc import Awaitable, Callable
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath

from litestar.handlers import HTTPRouteHandler

from entrypoints.http.answer import Answer, Headers

STATIC = Path(__file__).parent.with_name("static")
FILES = {
    "soty.css": b"text/css; charset=utf-8",
    "soty.js": b"text/javascript; charset=utf-8",
    "htmx/htmx.min.js": b"text/javascript; charset=utf-8",
    "favicon.svg": b"image/svg+xml",
}


@cache
def asset(name: str) -> str:
    """The address of a file, another one as soon as its content is another.

    :param name: below the folder of static files, such as ``soty.css``.
    """
    path = PurePosixPath(name)
    return f"/static/{path.stem}.{sha256(_content(name)).hexdigest()[:12]}{path.suffix}"


def asset_routes() -> list[HTTPRouteHandler]:
    """One route for each file."""
    return [
        HTTPRouteHandler(asset(name), http_method="GET", name=f"asset {name}")(_handle(name, media))
        for name, media in FILES.items()
    ]


def _handle(name: str, media: bytes) -> Callable[[], Awaitable[Answer]]:
    headers: Headers = [(b"content-type", media), (b"cache-control", b"public, max-age=31536000, immutable")]

    async def handle() -> Answer:
        return Answer(200, _content(name), headers)

    return handle


@cache
def _content(name: str) -> bytes:
    raw = STATIC.joinpath(name).read_bytes()
    return _tight(raw) if name.endswith(".css") else raw


def _tight(css: bytes) -> bytes:
    """A style sheet without comments, and without spaces that say nothing."""
    return re.sub(rb"\s*([{};,])\s*|(?<=:)\s+", rb"\1", re.sub(rb"/\*.*?\*/", b"", css, flags=re.DOTALL))
