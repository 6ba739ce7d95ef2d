"""Which state of a resource a client has seen (RFC 9110 §8.8.3 and §13.1.1)."""

from hashlib import blake2b

import msgspec

from core.kernel.errors import Kind, SotyError

_ENCODER = msgspec.json.Encoder()


class Stale(SotyError):
    """The resource was changed since the client read it; ``etag`` is that of its state now."""

    code = "kernel.stale"
    kind = Kind.STALE


def etag_of(encoded: bytes) -> str:
    """The entity tag of a representation, without quotes.

    :param encoded: the JSON that a client is given.
    """
    return blake2b(encoded, digest_size=12).hexdigest()


def match(if_match: str | None, view: object) -> None:
    """Let a change go on only if the client has seen the present state.

    :param if_match: entity tag that the client named; None changes whatever is there, ``*`` too.
    :param view: the resource as clients see it, read under the lock of the change.
    :raises Stale: it is another state by now.
    """
    if if_match in (None, "*"):
        return
    etag = etag_of(_ENCODER.encode(view))
    if if_match != etag:
        raise Stale(etag=etag)
