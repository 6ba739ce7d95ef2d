"""The thinnest answer there is: bytes that are sent as they stand."""

from collections.abc import AsyncIterator

import msgspec
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Receive, Scope, Send

ENCODER = msgspec.json.Encoder()

JSON = b"application/json"

Headers = list[tuple[bytes, bytes]]


class Answer:
    """A whole response; an ASGI application, so that the framework sends it without looking into it."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes, headers: Headers) -> None:
        """:param headers: all but ``content-length``."""
        self.status = status
        self.body = body
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        headers = [*self.headers, (b"content-length", b"%d" % len(self.body))]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


class Streamed(Answer):
    """A response of unknown length, made while it is sent; one that breaks off is seen to be incomplete."""

    __slots__ = ("_parts",)

    def __init__(self, headers: Headers, parts: AsyncIterator[bytes]) -> None:
        """:param parts: are asked for one after another, as fast as the client takes them and while it is there."""
        super().__init__(200, b"", headers)
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        headers = {name.decode(): value.decode() for name, value in self.headers}
        response = ASGIStreamingResponse(iterator=self._parts, status_code=self.status, headers=headers)
        await response(scope, receive, send)


def json_headers(media: bytes = JSON) -> Headers:
    """Headers of an answer that nobody may keep.

    :param media: its media type.
    """
    return [(b"content-type", media), (b"cache-control", b"no-store")]
