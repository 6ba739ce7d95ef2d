"""Headers that make a request safe to send twice, and those that tie it to a state that the client has seen."""

import re
from hashlib import blake2b

from litestar.types import Receive, Scope, Send

from core.kernel.etags import etag_of
from core.kernel.requests import RequestKey
from entrypoints.http.answer import Answer
from entrypoints.http.errors import WrongParametersError

KEY = "Idempotency-Key"
KEY_PATTERN = "[!-~]{1,255}"
IF_MATCH = "If-Match"
IF_MATCH_PATTERN = r'\*|"[!#-~]{1,100}"'
IF_NONE_MATCH = "If-None-Match"
REPLAYED = "Idempotent-Replayed"
WAS_REPLAYED = (b"idempotent-replayed", b"true")
REVALIDATE = (b"cache-control", b"private, no-cache")

_KEY = re.compile(KEY_PATTERN)
_IF_MATCH = re.compile(IF_MATCH_PATTERN)
_TAG = re.compile(rb'(?:W/)?"([!#-~\x80-\xff]*)"')


class Unchanged(Answer):
    """The client has the present state already (RFC 9110 §15.4.5)."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, without a length, since that would have to be the one of the state."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def request_key(scope: Scope, route: str, principal: str, raw: bytes) -> RequestKey | None:
    """What makes this request and one that repeats it the same; None when the client does not ask for it.

    :param route: method and template of the path.
    :param principal: who asks.
    :param raw: the body.
    :raises WrongParametersError: the header is empty, too long, doubled or not of visible ASCII.
    """
    key = _one(scope, KEY, _KEY, KEY_PATTERN)
    if key is None:
        return None
    target = scope["path"].encode() + b"?" + scope["query_string"]
    digest = blake2b(len(target).to_bytes(4) + target + raw, digest_size=16).digest()
    return RequestKey(principal=principal, route=route, key=key, digest=digest)


def wanted_state(scope: Scope) -> str | None:
    """The entity tag that the present state must have, ``*`` for any, None when the client does not care.

    :raises WrongParametersError: it is not one strong entity tag in quotes.
    """
    tag = _one(scope, IF_MATCH, _IF_MATCH, IF_MATCH_PATTERN)
    return tag if tag is None else tag.strip('"')


def tagged(scope: Scope, status: int, body: bytes, media: bytes) -> Answer:
    """An answer with its entity tag, without the body if the client has it.

    :param body: the representation.
    """
    tag = etag_of(body).encode()
    headers = [REVALIDATE, (b"etag", b'"' + tag + b'"')]
    seen = b",".join(value for name, value in scope["headers"] if name == b"if-none-match")
    if seen and (seen.strip() == b"*" or tag in _TAG.findall(seen)):
        return Unchanged(304, b"", headers)
    return Answer(status, body, [(b"content-type", media), *headers])


def _one(scope: Scope, name: str, shape: re.Pattern[str], pattern: str) -> str | None:
    wanted = name.lower().encode()
    values = [value for key, value in scope["headers"] if key == wanted]
    if not values:
        return None
    text = values[0].decode("latin-1").strip()
    if len(values) > 1:
        raise WrongParametersError([{"field": name, "code": "doubled", "params": {}}])
    if not shape.fullmatch(text):
        raise WrongParametersError([{"field": name, "code": "pattern", "params": {"pattern": pattern}}])
    return text
