"""Requests that may be sent twice: the answer of the first one is kept with its effect and given again.

After the IETF draft on the Idempotency-Key header field (draft-ietf-httpapi-idempotency-key-header).
"""

import msgspec

from core.kernel.errors import Kind, SotyError


class RequestKey(msgspec.Struct, frozen=True, kw_only=True):
    """What makes two requests one: who asks, for what, and the key they chose; ``digest`` tells contents apart."""

    principal: str
    route: str
    key: str
    digest: bytes


class AnsweredBefore(Exception):
    """Not a failure: the request was done before, and this is what it was answered, as JSON."""

    def __init__(self, result: bytes) -> None:
        self.result = result
        super().__init__("answered before")


class RequestInFlight(SotyError):
    """The same request is being done at this moment; ``retry_after`` is in seconds."""

    code = "kernel.request_in_flight"
    kind = Kind.CONFLICT


class RequestKeyReused(SotyError):
    """The key was used before for a request with another content."""

    code = "kernel.request_key_reused"
    kind = Kind.INVALID
