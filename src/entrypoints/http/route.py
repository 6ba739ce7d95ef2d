"""Routes that serve themselves, since the framework's handling costs as much as all the rest."""

from collections.abc import Awaitable, Callable

from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Method, Receive, Scope, Send

from entrypoints.http.answer import Answer

Handle = Callable[[Scope, Receive], Awaitable[Answer]]


def plain_route(method: Method, path: str, name: str, handle: Handle) -> HTTPRouteHandler:
    """Make a route of a handler that reads the request itself.

    :param path: with its parameters in braces, which are text.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await (await handle(scope, receive))(scope, receive, send)

    def instead(app: ASGIApp) -> ASGIApp:
        return serve

    async def handled() -> None:
        raise AssertionError

    template = path.replace("}", ":str}")
    return HTTPRouteHandler(template, http_method=method, name=name, middleware=[instead])(handled)
