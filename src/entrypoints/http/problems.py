"""Errors as problem details (RFC 9457), in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.types import Scope

from core.kernel.clock import Clock
from core.kernel.errors import Kind, SotyError
from core.kernel.fields import harmless
from core.kernel.ids import Ids
from core.kernel.limits import Limited
from core.kernel.requests import RequestInFlight
from core.kernel.signatures import BadSignature
from entrypoints.http.answer import ENCODER
from entrypoints.http.error_page import type_of
from entrypoints.http.errors import (
    AddressUnknownError,
    BadRequestError,
    BodyTooLargeError,
    InternalError,
    MethodRefusedError,
    status_of,
)
from entrypoints.http.reading import MAX_BODY, language_of
from entrypoints.shared.texts import error_text, field_text

MEDIA = "application/problem+json"
WEBHOOK = "/api/v1/kafka/webhook"
RETRY_AFTER = "1"

_log = structlog.stdlib.get_logger("soty.http")


class FieldProblem(msgspec.Struct, frozen=True):
    """One wrong field: a JSON pointer (RFC 6901) into the body, or the name of a parameter."""

    field: str
    code: str
    message: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a request was refused, by RFC 9457; ``error_id`` finds a failure of ours in the log."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    timestamp: datetime
    context: dict[str, Any]
    errors: list[FieldProblem]
    error_id: UUID


class WebhookProblem(Problem, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a message was refused; ``deficiency`` is how many pieces the stock lacks."""

    message: str
    deficiency: int | msgspec.UnsetType = msgspec.UNSET


class Problems:
    """Turns whatever was raised into an answer."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        """:param clock: tells when it happened.
        :param ids: makes identifiers of errors.
        """
        self._clock = clock
        self._ids = ids

    def answer(self, request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
        """The response to a failed request; an unexpected failure is logged once, under the identifier it shows.

        :param raised: what the handler or the framework raised.
        """
        error, error_id = self.noted(raised, request.method)
        language = language_of(request.scope)
        return Response(
            self.body(error, request.scope, error_id, language),
            status_code=status_of(error),
            media_type=MEDIA,
            headers={
                "content-language": language,
                "vary": "accept-language",
                "cache-control": "no-store",
                **_extra(error),
            },
        )

    def noted(self, raised: Exception, method: str) -> tuple[SotyError, UUID]:
        """What was raised in the system's own words, and the identifier under which the log has it.

        An unexpected failure is logged with its traceback.
        :param method: of the request.
        """
        error = expected(raised, method)
        error_id = self._ids.new()
        if isinstance(error, InternalError):
            _log.error("request failed", error_id=str(error_id), exc_info=raised)
        elif error.kind is Kind.UNAVAILABLE:
            # No traceback: it would cost more than the request while everybody is told the same.
            _log.warning("request not served", error_id=str(error_id), error=str(error), cause=repr(raised.__cause__))
        return error, error_id

    def body(self, error: SotyError, scope: Scope, error_id: UUID, language: str) -> bytes:
        """The problem document.

        :param language: of the texts.
        """
        text = error_text(language, error.code, error.params)
        common: dict[str, Any] = {
            "type": type_of(error.code),
            "title": text.title,
            "status": status_of(error),
            "detail": text.detail,
            "instance": harmless(scope["path"]),
            "code": error.code,
            "timestamp": self._clock.now(),
            "context": error.params,
            "errors": field_problems(getattr(error, "errors", []), language),
            "error_id": error_id,
        }
        if scope.get("path_template") != WEBHOOK:
            return ENCODER.encode(Problem(**common))
        extra = {"deficiency": error.params["deficiency"]} if "deficiency" in error.params else {}
        return ENCODER.encode(msgspec.convert({**common, **extra, "message": text.detail}, WebhookProblem))


def expected(raised: Exception, method: str) -> SotyError:
    """Say in the system's own words what was raised.

    :param method: of the request.
    """
    if isinstance(raised, SotyError):
        return raised
    if isinstance(raised, NotFoundException):
        return AddressUnknownError()
    if isinstance(raised, MethodNotAllowedException):
        allowed = (raised.headers or {}).get("allow", "")
        return MethodRefusedError(method=harmless(method), allowed=sorted(allowed.replace(" ", "").split(",")))
    if isinstance(raised, HTTPException) and raised.status_code == 413:
        return BodyTooLargeError(limit=MAX_BODY)
    if isinstance(raised, HTTPException) and raised.status_code < 500:
        return BadRequestError()
    return InternalError()


def field_problems(errors: Sequence[Mapping[str, Any]], language: str) -> list[FieldProblem]:
    """Wrong fields in the reader's language.

    :param errors: as :func:`core.kernel.fields.field_errors` gives them.
    """
    return [FieldProblem(e["field"], e["code"], field_text(language, e["code"], e["params"])) for e in errors]


def _extra(error: SotyError) -> dict[str, str]:
    if isinstance(error, BadSignature):
        return {"www-authenticate": 'StandardWebhooks realm="soty"'}
    if error.kind is Kind.UNAUTHENTICATED:
        return {"www-authenticate": 'Bearer realm="soty"'}
    if isinstance(error, MethodRefusedError):
        return {"allow": ", ".join(error.params["allowed"])}  # type: ignore[arg-type]
    if isinstance(error, BodyTooLargeError):
        return {"connection": "close"}
    if isinstance(error, RequestInFlight | Limited):
        return {"retry-after": str(error.params.get("retry_after", RETRY_AFTER))}
    limited = error.kind in (Kind.UNAVAILABLE, Kind.LIMITED) and not isinstance(error, InternalError)
    return {"retry-after": RETRY_AFTER} if limited else {}
