"""One thing a client can do: what it takes, what it answers, what it may refuse, and who may do it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, TypeVar
from uuid import UUID

import msgspec
from litestar.types import Receive, Scope

from core.kernel.actor import ANONYMOUS, Actor, ActorKind
from core.kernel.errors import Kind, SotyError, Unavailable
from core.kernel.paging import Limit
from core.kernel.requests import AnsweredBefore, RequestKey
from core.kernel.signatures import SignatureVerifier
from entrypoints.http.answer import ENCODER, Answer, Headers, json_headers
from entrypoints.http.callers import SAFE, Callers
from entrypoints.http.conditions import WAS_REPLAYED, request_key, tagged, wanted_state
from entrypoints.http.gate import Gate
from entrypoints.http.reading import MAX_BODY, BodyReader, QueryReader, bot_key_of, language_of, path_ids, signature
from entrypoints.http.route import Handle
from entrypoints.shared.texts import DEFAULT

ANSWER_SECONDS = 5.5
MANY_SECONDS = 20.0
"""For what changes thousands of stocks in one transaction; each statement of it keeps to the usual limit."""

SIGNED_IN: Final = "signed in"
"""What an operation needs that every person may do who has signed in."""

PERSON: Final = "signed in, verified or not"
"""What an operation needs that a person may do even before it has verified an address."""

Q = TypeVar("Q")
B = TypeVar("B")


class NoQuery(msgspec.Struct, frozen=True, gc=False):
    """The query of an operation that takes no parameters."""


class PageQuery(msgspec.Struct, frozen=True, gc=False):
    """Which part of a list."""

    limit: Limit = 50
    cursor: str | None = None


class Call(msgspec.Struct, Generic[Q, B], frozen=True, gc=False):
    """What a client sent, read and checked; ``ids`` are the identifiers inside the path.

    ``request`` is there when the client wants an operation of the kind ``once`` not to be done twice, ``if_match``
    when it wants to change only the state that it has seen. ``refresh`` is the refresh token that a browser sent to an
    operation that ``refreshes``, whose ``actor`` is whoever acts as somebody in that browser; ``bot_key`` what a bot
    sent to one that is for the ``bot``.
    """

    actor: Actor
    ids: Mapping[str, UUID]
    query: Q
    body: B
    request: RequestKey | None = None
    if_match: str | None = None
    language: str = DEFAULT
    refresh: str | None = None
    bot_key: str | None = None


AnyCall = Call[Any, Any]
Identified = tuple[Actor, bytes]
Identify = Callable[[Scope, Receive], Awaitable[Identified]]
Admit = Callable[[Scope, Actor], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An entry of the table from which both the routes and their documentation are made.

    ``act`` gets ``on``, an object of type ``acts_on`` that lives as long as the process, and returns what is encoded
    as JSON, or a whole answer, with headers of its own; where ``answer`` is None, one without a body. ``permission``
    None makes it public, ``SIGNED_IN`` opens it to every person, ``PERSON`` also to one that has verified no address.
    ``errors`` are the codes it adds to those that every operation of its kind may answer. ``body`` bytes leaves the
    decoding to the use case, whose shape is then ``body_shape``, and their media type ``takes``; they are ``most`` at
    most.

    ``once`` lets clients repeat it under an ``Idempotency-Key``; ``kept`` then makes the answer of what the use case
    kept as JSON, in a language, where that is not the answer itself. ``localized`` answers too are in the language of
    the client. ``etag`` gives the answer of a GET its entity tag, and lets other methods take ``If-Match``. ``signed``
    ones need a signature, and no key, where senders have to sign. A GET that is ``placed`` is told where it comes
    from, as all that change something are. Whoever asks is told that it is unavailable once ``seconds`` have passed.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
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
    body_shape: Any = None
    takes: str = "application/json"
    most: int = MAX_BODY
    body_example: object = None
    errors: tuple[str, ...] = ()
    once: bool = False
    kept: Callable[[bytes, str], object] | None = None
    etag: bool = False
    localized: bool = False
    signed: bool = False
    refreshes: bool = False
    placed: bool = False
    bot: bool = False
    seconds: float = ANSWER_SECONDS
    more: Mapping[int, tuple[str, Any]] = field(default_factory=dict)

    @property
    def limited(self) -> bool:
        """Whether it counts against the limit of its caller."""
        return self.path.startswith("/api/v1")

    @property
    def body_may_be_absent(self) -> bool:
        """Whether every field of the body has a default."""
        return self.body not in (None, bytes) and not any(f.required for f in msgspec.structs.fields(self.body))


def handle_of(operation: Operation, on: object, callers: Callers, verifier: SignatureVerifier, gate: Gate) -> Handle:
    """Make what serves an operation; all that does not change between requests is found out here.

    :param on: what the operation acts on.
    :param callers: know who calls, where the operation is not public.
    :param verifier: knows senders who sign.
    :param gate: lets calls of the API pass, or not.
    """
    headers = json_headers(operation.media.encode())
    queries = QueryReader(operation.query)
    bodies = BodyReader(operation.body, operation.body_may_be_absent, operation.takes, operation.most)
    act, status, body_wanted = operation.act, operation.status, operation.body
    signed = operation.signed and verifier.required
    identify = _by_signature(operation, verifier, bodies) if signed else _by_caller(operation, callers)
    allow, conditions, shown = _allow(operation.permission), _conditions(operation, callers), _shown(operation)
    admit = gate.admit if gate.limit is not None and operation.limited else None

    async def handle(scope: Scope, receive: Receive) -> Answer:
        actor, raw = await (identify(scope, receive) if admit is None else _admitted(identify, admit, scope, receive))
        allow(actor)
        parts = scope["path_params"]
        ids = path_ids(parts) if parts else {}
        query = queries.read(scope["query_string"])
        if body_wanted is not None and not signed:
            raw = await bodies.raw(scope, receive)
        body = None if body_wanted is None else bodies.decoded(scope, raw)
        call = Call(actor, ids, query, body)
        if conditions is not None:
            call = conditions(scope, call, raw)
        try:
            async with asyncio.timeout(operation.seconds):
                result = await act(on, call)
        except AnsweredBefore as before:
            return _again(operation, before.result, headers, call.language)
        except TimeoutError as error:
            raise Unavailable(part="answer") from error
        if isinstance(result, Answer):
            return result
        encoded = ENCODER.encode(result)
        return Answer(status, encoded, headers) if shown is None else shown(scope, encoded)

    return handle


def _by_signature(operation: Operation, verifier: SignatureVerifier, bodies: BodyReader) -> Identify:
    sender = Actor(ActorKind.SERVICE, "webhook", frozenset({operation.permission or ""}))

    async def identify(scope: Scope, receive: Receive) -> Identified:
        raw = await bodies.raw(scope, receive)
        verifier.verify(signature(scope), raw)
        return sender, raw

    return identify


def _by_caller(operation: Operation, callers: Callers) -> Identify:
    changes = operation.method not in SAFE
    traced = operation.placed or (changes and not operation.signed)

    async def anybody(scope: Scope, _: Receive) -> Identified:
        if changes:
            callers.refuse_foreign(scope, may_be_silent=True)
        actor = await callers.acting(scope) if operation.refreshes else ANONYMOUS
        return callers.traced(scope, actor) if traced else actor, b""

    async def known(scope: Scope, _: Receive) -> Identified:
        actor = await callers.actor(scope)
        return callers.traced(scope, actor) if traced else actor, b""

    return anybody if operation.permission is None else known


def _allow(permission: str | None) -> Callable[[Actor], object]:
    if permission is None:
        return lambda _: None
    if permission is PERSON:
        return lambda actor: actor.person(even_limited=True)
    return Actor.person if permission is SIGNED_IN else lambda actor: actor.require(permission)


async def _admitted(identify: Identify, admit: Admit, scope: Scope, receive: Receive) -> Identified:
    """Count the call; one of somebody who is not who he says counts for his address."""
    try:
        found = await identify(scope, receive)
    except SotyError as error:
        if error.kind is Kind.UNAUTHENTICATED:
            await admit(scope, ANONYMOUS)
        raise
    await admit(scope, found[0])
    return found


def _conditions(operation: Operation, callers: Callers) -> Callable[[Scope, AnyCall, bytes], AnyCall] | None:
    changes = operation.etag and operation.method != "GET"
    if not (operation.once or operation.localized or operation.refreshes or operation.bot or changes):
        return None
    route = f"{operation.method} {operation.path}"

    def read(scope: Scope, call: AnyCall, raw: bytes) -> AnyCall:
        key = request_key(scope, route, call.actor.name, raw) if operation.once else None
        state = wanted_state(scope) if changes else None
        language = language_of(scope) if operation.localized else DEFAULT
        refresh = callers.refresh(scope) if operation.refreshes else None
        bot_key = bot_key_of(scope) if operation.bot else None
        return Call(call.actor, call.ids, call.query, call.body, key, state, language, refresh, bot_key)

    return read


def _shown(operation: Operation) -> Callable[[Scope, bytes], Answer] | None:
    if not operation.etag or operation.method != "GET":
        return None
    media = operation.media.encode()
    return lambda scope, encoded: tagged(scope, operation.status, encoded, media)


def _again(operation: Operation, result: bytes, headers: Headers, language: str) -> Answer:
    body = result if operation.kept is None else ENCODER.encode(operation.kept(result, language))
    return Answer(operation.status, body, [*headers, WAS_REPLAYED])
