"""Starlette: a route and bytes made by msgspec, the fastest that it can."""

import json
import sys

import msgspec
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.inventory.peers.plain_asgi import Alive
from benchmarks.serving import serve

ENCODE = msgspec.json.Encoder().encode


async def live(_: Request) -> Response:
    """Answer."""
    return Response(ENCODE(Alive("alive")), media_type="application/json")


if __name__ == "__main__":
    uvloop.run(serve(Starlette(routes=[Route("/health/live", live)]), **json.loads(sys.argv[1])))
