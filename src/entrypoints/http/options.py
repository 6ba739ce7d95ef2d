"""Answers to OPTIONS; those of the framework forget methods where a path has several operations."""

from collections import defaultdict

from litestar.handlers import HTTPRouteHandler

from entrypoints.http.answer import Answer
from entrypoints.http.operations import OPERATIONS


def options() -> list[HTTPRouteHandler]:
    """One route for each path of the table, which names the methods that the path takes (RFC 9110 §9.3.7)."""
    methods: dict[str, set[str]] = defaultdict(lambda: {"OPTIONS"})
    for operation in OPERATIONS:
        methods[operation.path].add(operation.method)
    return [_route(path, ", ".join(sorted(allowed)).encode()) for path, allowed in methods.items()]


def _route(path: str, allowed: bytes) -> HTTPRouteHandler:
    async def handle() -> Answer:
        return Answer(204, b"", [(b"allow", allowed)])

    return HTTPRouteHandler(path.replace("}", ":str}"), http_method="OPTIONS", name=f"OPTIONS {path}")(handle)
