"""Reads what a client sent, and says exactly what is wrong with it."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
from litestar.types import Receive, Scope

from core.kernel.auth import Credential, Scheme
from core.kernel.errors import Unauthenticated
from core.kernel.fields import field_errors, harmless
from core.kernel.signatures import Signed
from core.kernel.wire import decode_unique
from entrypoints.http.errors import BadRequestError, BodyTooLargeError, MediaTypeRefusedError, WrongParametersError
from entrypoints.shared.texts import best_language

MAX_BODY = 1 << 20
BOT_KEY = "X-BOT-API-KEY"
MAX_PARAMETERS = 50

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_CHARSET = rb"\s*(;\s*charset\s*=\s*\"?utf-8\"?\s*)?"


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of a name.

    :param name: in lower case.
    :returns: its value, None when it was not sent.
    """
    for key, value in scope["headers"]:
        if key == name:
            return value
    return None


def language_of(scope: Scope) -> str:
    """The language in which a client wants to read."""
    return best_language((header(scope, b"accept-language") or b"").decode("latin-1"))


def credential(scope: Scope) -> Credential | None:
    """The bearer credential of a request (RFC 6750 §2.1).

    :returns: None when none was sent.
    :raises Unauthenticated: the header is of another scheme.
    """
    value = header(scope, b"authorization")
    if value is None:
        return None
    scheme, _, token = value.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated
    return Credential(Scheme.BEARER, token.strip())


def signature(scope: Scope) -> Signed:
    """How a sender signed a request (Standard Webhooks)."""
    sent = {name: value.decode("latin-1") for name, value in scope["headers"] if name.startswith(b"webhook-")}
    return Signed(sent.get(b"webhook-id"), sent.get(b"webhook-timestamp"), sent.get(b"webhook-signature"))


def bot_key_of(scope: Scope) -> str | None:
    """The key that a bot sent, None when none came."""
    sent = header(scope, BOT_KEY.lower().encode())
    return None if sent is None else sent.decode("latin-1")


def path_ids(parameters: Mapping[str, str]) -> dict[str, UUID]:
    """The identifiers inside a path.

    :param parameters: its parts by name, all of which are UUIDs in the usual form (RFC 9562 §4).
    :raises WrongParametersError: naming every part that is none.
    """
    wrong = [name for name, text in parameters.items() if not _UUID.fullmatch(text)]
    if wrong:
        raise WrongParametersError([{"field": name, "code": "bad_uuid", "params": {}} for name in wrong])
    return {name: msgspec.convert(text, UUID) for name, text in parameters.items()}


class QueryReader:
    """Reads the query of one operation into its Struct."""

    def __init__(self, shape: type[msgspec.Struct]) -> None:
        """:param shape: fields are parameters; those without a default must be sent."""
        self._shape = shape
        hints = msgspec.inspect.type_info(shape)
        assert isinstance(hints, msgspec.inspect.StructType)
        self._integers = {field.name for field in hints.fields if isinstance(_bare(field.type), _INTEGERS)}
        self._booleans = {field.name for field in hints.fields if isinstance(_bare(field.type), _BOOLEANS)}
        self._known = [field.name for field in hints.fields]
        self._empty = None if any(field.required for field in hints.fields) else shape()

    def read(self, query: bytes) -> msgspec.Struct:
        """Read a query.

        :raises WrongParametersError: naming every parameter that is unknown, doubled or wrong.
        """
        if not query and self._empty is not None:
            return self._empty
        try:
            pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
        except ValueError as error:
            too_many = {"field": "", "code": "too_many", "params": {"max": MAX_PARAMETERS}}
            raise WrongParametersError([too_many]) from error
        values = {name: self._value(name, text) for name, text in pairs}
        errors = self._names(values, [name for name, _ in pairs])
        known = {name: value for name, value in values.items() if name in self._known}
        try:
            found = msgspec.convert(known, self._shape)
        except msgspec.ValidationError:
            wrong = [{**error, "field": error["field"].strip("/")} for error in field_errors(known, self._shape)]
            raise WrongParametersError(errors + wrong) from None
        if errors:
            raise WrongParametersError(errors)
        return found

    def _value(self, name: str, text: str) -> object:
        if name in self._booleans:
            return {"true": True, "false": False}.get(text, text)
        return int(text) if name in self._integers and _INTEGER.fullmatch(text) else text

    def _names(self, values: Mapping[str, object], names: list[str]) -> list[dict[str, Any]]:
        unknown = [
            {"field": harmless(name), "code": "unknown", "params": {"allowed": self._known}}
            for name in values
            if name not in self._known
        ]
        doubled = [{"field": name, "code": "doubled", "params": {}} for name in self._known if names.count(name) > 1]
        return unknown + doubled


_INTEGERS, _BOOLEANS = msgspec.inspect.IntType, msgspec.inspect.BoolType


def _bare(info: msgspec.inspect.Type) -> msgspec.inspect.Type:
    return info.type if isinstance(info, msgspec.inspect.Metadata) else info


async def read_body(scope: Scope, receive: Receive, most: int = MAX_BODY) -> bytes:
    """Read the whole body.

    :param most: bytes that it may have.
    :raises BodyTooLargeError: it is larger.
    :raises BadRequestError: the client went away before its end.
    """
    declared = header(scope, b"content-length")
    if declared is not None and declared.isdigit() and int(declared[:20]) > most:
        raise BodyTooLargeError(limit=most)
    body = b""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise BadRequestError
        body = message["body"]
        size += len(body)
        if size > most:
            raise BodyTooLargeError(limit=most)
        parts.append(body)
        more = message["more_body"]
    return body if len(parts) == 1 else b"".join(parts)


class BodyReader:
    """Reads the body of one operation."""

    def __init__(self, shape: type | None, may_be_absent: bool, media: str, most: int = MAX_BODY) -> None:
        """:param shape: bytes leaves them as they are.
        :param may_be_absent: whether no body is one whose fields are all absent.
        :param media: as what it must be declared; nothing that a page of another site could send without asking first.
            A star stands for any name.
        :param most: bytes that it may have.
        """
        self._media = media
        self._declared = re.compile(b"(?i)" + re.escape(media.encode()).replace(rb"\*", rb"[\w.+-]+") + _CHARSET)
        self._most = most
        self._bytes = shape is bytes
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(shape or bytes)
        self._absent = shape() if may_be_absent and shape is not None else None

    async def raw(self, scope: Scope, receive: Receive) -> bytes:
        """The body as it was sent.

        :raises MediaTypeRefusedError: bytes are wanted, and are declared as something else, or as nothing.
        :raises BodyTooLargeError: it is too large.
        """
        if self._bytes:
            self._refuse_other_media(scope)
        return await read_body(scope, receive, self._most)

    def decoded(self, scope: Scope, raw: bytes) -> object:
        """The body in its shape.

        :raises MediaTypeRefusedError: it is declared as something else, or as nothing.
        :raises WrongFields: it is of another shape.
        """
        if self._bytes:
            return raw
        if not raw and self._absent is not None:
            return self._absent
        self._refuse_other_media(scope)
        return decode_unique(raw, self._decoder)

    def _refuse_other_media(self, scope: Scope) -> None:
        if not self._declared.fullmatch((header(scope, b"content-type") or b"").strip()):
            raise MediaTypeRefusedError(wanted=self._media)
