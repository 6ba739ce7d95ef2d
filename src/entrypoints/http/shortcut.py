"""The short way to operations: their exact addresses need no router, which costs more than the rest of a request."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from litestar import Request
from litestar.types import ASGIApp, Receive, Scope, Send

from entrypoints.http.problems import Problems
from entrypoints.http.reading import header
from entrypoints.http.route import Handle

ID_LENGTH = len("00000000-0000-0000-0000-000000000000")
USUAL_HOST = re.compile(rb"[0-9A-Za-z.:\-\[\]]*")


class Way(NamedTuple):
    """What serves an address, its template, and the places of its parameters between the slashes."""

    handle: Handle
    template: str
    places: tuple[tuple[str, int], ...]


class Shortcut:
    """Serves exact addresses of operations itself, and leaves all else to the framework, which knows them too."""

    def __init__(self, app: ASGIApp, operations: Iterable[tuple[str, str, Handle]], problems: Problems) -> None:
        """:param operations: methods, templates with parameters in braces, and what serves them.
        :param problems: answers for what they raise.
        """
        self._app = app
        self._problems = problems
        self._ways = {(method, _address(path)): _way(handle, path) for method, path, handle in operations}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        parts = scope["path"].split("/")
        address = "/".join(["{}" if len(part) == ID_LENGTH else part for part in parts])
        way = self._ways.get((scope["method"], address))  # type: ignore[typeddict-item]
        if way is None or not USUAL_HOST.fullmatch(header(scope, b"host") or b""):
            await self._app(scope, receive, send)
            return
        handle, scope["path_template"], places = way
        scope["path_params"] = {name: parts[place] for name, place in places}
        try:
            answer = await handle(scope, receive)
        except Exception as error:  # whatever it is, the client is told
            request = Request[Any, Any, Any](scope, receive, send)
            await self._problems.answer(request, error).to_asgi_response(None, request)(scope, receive, send)
        else:
            await answer(scope, receive, send)


def _address(template: str) -> str:
    return re.sub(r"\{\w+\}", "{}", template)


def _way(handle: Handle, template: str) -> Way:
    parts = enumerate(template.split("/"))
    return Way(handle, template, tuple((part[1:-1], place) for place, part in parts if part.startswith("{")))
