"""What a page is: how it shows itself, and what its forms do."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from core.kernel.errors import SotyError
from core.kernel.fields import field_errors
from core.kernel.wire import WrongFields
from entrypoints.http.errors import status_of
from entrypoints.http.panel.visit import Visit
from entrypoints.http.reading import MAX_BODY
from entrypoints.shared.texts import error_text, field_text

PERSON = "person"
"""What a page needs that is for everybody who has signed in."""


class View(msgspec.Struct, frozen=True):
    """A page to be written: its template, and what that shows."""

    template: str
    values: Mapping[str, Any] = {}
    status: int = 200
    cookies: Sequence[str] = ()


class Moved(msgspec.Struct, frozen=True):
    """Another page to go to, after a form did what it is for; ``notice`` is told there.

    ``forget`` asks the browser to keep nothing of what it saw before.
    """

    path: str
    notice: str = ""
    cookies: Sequence[str] = ()
    forget: bool = False


Outcome = View | Moved


class Nothing(msgspec.Struct, frozen=True):
    """The fields of a form that is a button alone."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a form was refused: what was typed but for secrets, what is wrong with which field, and with the whole."""

    form: str
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    said: str
    status: int


@dataclass(frozen=True)
class About:
    """The field that an error is about, and what to say of it in a language, where that is not what the error says."""

    field: str
    says: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Form:
    """A form of a page: the shape of its fields, and what it does; ``about`` leads codes of errors to a field."""

    shape: type[msgspec.Struct]
    act: Callable[[Visit, Any], Awaitable[Outcome]]
    about: Mapping[str, About] = field(default_factory=dict)

    def read(self, sent: Mapping[str, str]) -> msgspec.Struct:
        """The fields in their shape; one that was left empty was not sent.

        :raises WrongFields: naming each that is wrong.
        """
        values = {name: sent[name] for name in self.shape.__struct_fields__ if sent.get(name)}
        try:
            return msgspec.convert(values, self.shape, strict=False)
        except msgspec.ValidationError:
            raise WrongFields(field_errors(values, self.shape)) from None

    def failure(self, name: str, visit: Visit, error: SotyError) -> Failure:
        """What to tell of an error beside the form.

        :param name: of the form on its page.
        """
        language = visit.reader.language
        errors = getattr(error, "errors", [])
        wrong = {each["field"].strip("/"): field_text(language, each["code"], each["params"]) for each in errors}
        said = error_text(language, error.code, error.params).detail
        about = self.about.get(error.code)
        if about is not None:
            wrong[about.field], said = said if about.says is None else about.says(language), ""
        return Failure(
            form=name,
            typed={key: text for key, text in visit.form.items() if not is_secret(key)},
            wrong=wrong,
            said="" if errors else said,
            status=status_of(error),
        )


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A page under its address.

    ``needs`` is a permission, ``PERSON``, or None where everybody may see it. Each of ``forms`` is sent to the address
    of the page itself, with its name in the field ``do``.
    """

    path: str
    show: Callable[[Visit], Awaitable[Outcome]]
    needs: str | None = PERSON
    forms: Mapping[str, Form] = field(default_factory=dict)
    proof: bool = False
    """Whether the visitor must have proven who it is not long ago."""
    most: int = MAX_BODY
    """Bytes that a form of it may have, files among them."""


def is_secret(field_name: str) -> bool:
    """Whether what was typed into a field is never shown again."""
    return "password" in field_name or field_name in ("code", "key", "recovery_code")
