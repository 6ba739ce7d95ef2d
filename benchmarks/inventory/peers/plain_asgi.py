"""The limit of an answer without input or output: an ASGI function that encodes an object."""

import json
import sys
from typing import Any

import msgspec
import uvloop

from benchmarks.serving import serve

ENCODE = msgspec.json.Encoder().encode


class Alive(msgspec.Struct):
    """The process answers."""

    status: str


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer one path."""
    assert scope["path"] == "/health/live"
    body = ENCODE(Alive("alive"))
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvloop.run(serve(app, **json.loads(sys.argv[1])))
