"""One thing a client can do: what it takes, what it answers, what it may refuse, and who may do it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler

from core.kernel.actor import ANONYMOUS, Actor
from core.kernel.auth import Authenticator
from core.kernel.paging import Limit
from core.kernel.wire import decode_unique
from entrypoints.http.answer import ENCODER, Answer, json_headers
from entrypoints.http.reading import QueryReader, credential, path_ids, read_body, refuse_other_media

Q = TypeVar("Q")
B = TypeVar("B")

Handle = Callable[[Request[Any, Any, Any]], Awaitable[Answer]]


class NoQuery(msgspec.Struct, frozen=True, gc=False):
    """The query of an operation that takes no parameters."""


class PageQuery(msgspec.Struct, frozen=True, gc=False):
    """Which part of a list."""

    limit: Limit = 50
    cursor: str | None = None


class Call(msgspec.Struct, Generic[Q, B], frozen=True, gc=False):
    """What a client sent, read and checked; ``ids`` are the identifiers inside the path."""

    actor: Actor
    ids: Mapping[str, UUID]
    query: Q
    body: B


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An entry of the table from which both the routes and their documentation are made.

    ``act`` gets ``on``, an object of type ``acts_on`` that lives as long as the process, and returns what is encoded
    as JSON, or a whole answer. ``permission`` None makes it public. ``errors`` are the codes it adds to those that
    every operation of its kind may answer. ``body`` bytes leaves the decoding to the use case, whose shape is then
    ``body_shape``.
    """

    method: Literal["GET", "POST"]
    path: str
    tag: str
    summary: str
    acts_on: type
    act: Callable[[Any, Any], Awaitable[Any]]
    permission: str | None
    answer: Any
    example: object
    status: int = 200
    media: str = "application/json"
    query: type[msgspec.Struct] = NoQuery
    body: type | None = None
    body_shape: type[msgspec.Struct] | None = None
    body_example: object = None
    errors: tuple[str, ...] = ()
    more: Mapping[int, tuple[str, Any]] = field(default_factory=dict)

    @property
    def body_may_be_absent(self) -> bool:
        """Whether every field of the body has a default."""
        return self.body not in (None, bytes) and not any(f.required for f in msgspec.structs.fields(self.body))


def route_of(operation: Operation, on: object, authenticator: Authenticator) -> HTTPRouteHandler:
    """Make the route of an operation; all that does not change between requests is found out here.

    :param on: what the operation acts on.
    :param authenticator: turns the credential into the actor, where the operation is not public.
    """
    headers = json_headers(operation.media.encode())
    queries = QueryReader(operation.query)
    body_of = _body_reader(operation)
    act, permission, status = operation.act, operation.permission, operation.status

    async def handle(request: Request[Any, Any, Any]) -> Answer:
        scope = request.scope
        actor = ANONYMOUS
        if permission is not None:
            actor = await authenticator.authenticate(credential(scope))
            actor.require(permission)
        parts = scope["path_params"]
        ids = path_ids(parts) if parts else {}
        call = Call(actor, ids, queries.read(scope["query_string"]), await body_of(request))
        result = await act(on, call)
        return result if type(result) is Answer else Answer(status, ENCODER.encode(result), headers)

    path = operation.path.replace("}", ":str}")
    route = HTTPRouteHandler(path, http_method=operation.method, status_code=status, name=operation.summary)
    return route(handle)


def _body_reader(operation: Operation) -> Callable[[Request[Any, Any, Any]], Awaitable[Any]]:
    shape = operation.body
    if shape is None:
        return _no_body
    if shape is bytes:
        return _raw_body
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(shape)
    absent = shape() if operation.body_may_be_absent else None

    async def read(request: Request[Any, Any, Any]) -> object:
        raw = await read_body(request.scope, request.receive)
        if not raw and absent is not None:
            return absent
        refuse_other_media(request.scope)
        return decode_unique(raw, decoder)

    return read


async def _no_body(_: Request[Any, Any, Any]) -> None:
    return None


async def _raw_body(request: Request[Any, Any, Any]) -> bytes:
    refuse_other_media(request.scope)
    return await read_body(request.scope, request.receive)
