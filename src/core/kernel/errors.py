"""One tree of errors: a stable code, a kind that an edge maps to its own language, and typed parameters."""

from enum import StrEnum
from typing import ClassVar

Param = str | int | float | bool | None | list[str] | list[dict[str, str]]


class Kind(StrEnum):
    """What went wrong, in words every edge can map: HTTP to a status, a consumer to retry or quarantine."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    STALE = "stale"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"


class SotyError(Exception):
    """Base of every expected failure.

    Subclasses set ``code`` (``module.reason``) and ``kind``; keyword arguments become ``params``, which texts may name.
    """

    code: ClassVar[str] = "kernel.error"
    kind: ClassVar[Kind] = Kind.INVALID

    def __init__(self, **params: Param) -> None:
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({details})"


class Invalid(SotyError):
    """Input that breaks a rule about a field."""

    code = "kernel.invalid"
    kind = Kind.INVALID


class InvalidCursor(Invalid):
    """A page cursor that this system did not make, or made for another list."""

    code = "kernel.invalid_cursor"


class Unauthenticated(SotyError):
    """A credential that is missing or not known."""

    code = "kernel.unauthenticated"
    kind = Kind.UNAUTHENTICATED


class Forbidden(SotyError):
    """A known caller without the permission."""

    code = "kernel.forbidden"
    kind = Kind.FORBIDDEN


class Unavailable(SotyError):
    """A needed part does not answer now; the same call may pass later and nothing of it was kept."""

    code = "kernel.unavailable"
    kind = Kind.UNAVAILABLE


class Contended(Unavailable):
    """Somebody changed the same rows at the same moment; the whole unit of work may be run again."""

    code = "kernel.contended"
