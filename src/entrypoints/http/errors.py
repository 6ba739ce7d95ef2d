"""What the HTTP edge itself refuses, and which status each error of the system has."""

from collections.abc import Mapping
from typing import Any

from core.kernel import actor, errors, etags, limits, pictures, requests, seal, signatures, wire
from core.kernel.errors import Invalid, Kind, Param, SotyError
from entrypoints.shared.modules import MODULES

STATUS_OF_KIND = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.STALE: 412,
    Kind.LIMITED: 429,
    Kind.UNAVAILABLE: 503,
}
STATUS_OF_CODE = {
    "kernel.not_json": 400,
    "kernel.doubled_key": 400,
    "http.bad_request": 400,
    "http.method_not_allowed": 405,
    "http.body_too_large": 413,
    "http.unsupported_media_type": 415,
    "http.internal": 500,
}


class WrongParametersError(Invalid):
    """Parts of the path or the query break the schema; ``errors`` lists every one."""

    code = "http.invalid"

    def __init__(self, errors: list[dict[str, Any]], **params: Param) -> None:
        """:param errors: as :func:`core.kernel.fields.field_errors` gives them; a field is the name of a parameter."""
        super().__init__(**params)
        self.errors = errors


class AddressUnknownError(SotyError):
    """Nothing is at the address."""

    code = "http.not_found"
    kind = Kind.NOT_FOUND


class MethodRefusedError(SotyError):
    """The address takes other methods; ``allowed`` names them."""

    code = "http.method_not_allowed"


class MediaTypeRefusedError(SotyError):
    """The body is not declared as what is taken here, ``wanted``."""

    code = "http.unsupported_media_type"


class BodyTooLargeError(SotyError):
    """The body is larger than ``limit`` bytes."""

    code = "http.body_too_large"


class BadRequestError(SotyError):
    """The framework cannot read the request."""

    code = "http.bad_request"


class InternalError(SotyError):
    """A failure of ours; only its identifier is told."""

    code = "http.internal"
    kind = Kind.UNAVAILABLE


class CrossSiteError(SotyError):
    """A page of another site made a browser send this, or nothing says that it was a page of ours."""

    code = "http.cross_site"
    kind = Kind.FORBIDDEN


class ForeignFormError(SotyError):
    """A form that no page of this site gave to this session."""

    code = "http.foreign_form"
    kind = Kind.FORBIDDEN


ALL: tuple[type[SotyError], ...] = (
    WrongParametersError,
    AddressUnknownError,
    MethodRefusedError,
    MediaTypeRefusedError,
    BodyTooLargeError,
    BadRequestError,
    InternalError,
    CrossSiteError,
    ForeignFormError,
)

KERNEL: tuple[type[SotyError], ...] = (
    errors.SotyError,
    errors.Invalid,
    errors.InvalidCursor,
    errors.Unauthenticated,
    errors.Forbidden,
    actor.PersonNeeded,
    actor.ProofNeeded,
    actor.VerificationNeeded,
    actor.SecondFactorNeeded,
    seal.BrokenSeal,
    pictures.NotAPicture,
    pictures.PictureTooLarge,
    errors.Unavailable,
    errors.Contended,
    wire.NotJson,
    wire.DoubledKey,
    wire.WrongFields,
    limits.Limited,
    requests.RequestInFlight,
    requests.RequestKeyReused,
    etags.Stale,
    signatures.BadSignature,
    signatures.SignatureMissing,
    signatures.SignatureExpired,
)
ERRORS: Mapping[str, type[SotyError]] = {
    error.code: error for error in (*KERNEL, *ALL, *(error for module in MODULES for error in module.errors))
}


def status_of(error: type[SotyError] | SotyError) -> int:
    """The HTTP status of an error.

    :param error: the error or its class.
    """
    return status_of_code(error.code, error.kind)


def status_of_code(code: str, kind: Kind) -> int:
    """The HTTP status of an error of which no more than this is known."""
    return STATUS_OF_CODE.get(code) or STATUS_OF_KIND[kind]
