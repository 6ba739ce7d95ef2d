"""Texts for people, by language and code: gettext catalogues whose messages are codes, each in a context."""

import string
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import msgspec

DEFAULT = "en"
LANGUAGES = (DEFAULT, "ru")
TITLE, DETAIL, FIELD, PAGE, LETTER = CONTEXTS = ("title", "detail", "field", "page", "letter")
NOTHING: Mapping[str, Any] = {}
FOLDER = Path(__file__).with_name("texts")


class ErrorText(msgspec.Struct, frozen=True):
    """What is said of one code."""

    title: str
    detail: str


class _Template(msgspec.Struct, frozen=True):
    """A text with names of parameters in braces, and the one that its plural forms follow."""

    text: str
    counts: str | None


class _Params(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "?"


def load(language: str) -> GNUTranslations:
    """Read the compiled catalogue of a language."""
    with FOLDER.joinpath(f"{language}.mo").open("rb") as file:
        return GNUTranslations(file)


CATALOGUES: Mapping[str, GNUTranslations] = {language: load(language) for language in LANGUAGES}


def error_text(language: str, code: str, params: Mapping[str, Any]) -> ErrorText:
    """What to say of an error.

    :param code: its code; an unknown one is spoken of as ``kernel.error``.
    :param params: its parameters.
    """
    title = _template(language, TITLE, code)
    if title is None:
        return error_text(language, "kernel.error", params)
    return ErrorText(title.text, _said(language, DETAIL, code, params))


def error_template(language: str, code: str) -> ErrorText:
    """The texts of an error with the names of its parameters in braces, for one where it counts something.

    :raises KeyError: nothing is said of this code.
    """
    title, detail = _template(language, TITLE, code), _template(language, DETAIL, code)
    if title is None or detail is None:
        raise KeyError(code)
    return ErrorText(title.text, detail.text)


def field_text(language: str, code: str, params: Mapping[str, Any]) -> str:
    """What to say of a field, after its name.

    :param code: of the field's error, such as ``missing``.
    """
    if _template(language, FIELD, code) is None:
        code = "invalid"
    return _said(language, FIELD, code, params)


def page_text(language: str, code: str, params: Mapping[str, Any] = NOTHING) -> str:
    """What a page says at one place.

    :param code: names the place, such as ``ops.title``; written out in the call, where `./soty i18n` looks for it.
    """
    return _said(language, PAGE, code, params)


def letter_text(language: str, code: str, params: Mapping[str, Any] = NOTHING) -> str:
    """What a letter says at one place.

    :param language: one that there is no catalogue of gets the default.
    :param code: written out in the template of the letter, where `./soty i18n` looks for it.
    """
    return _said(language if language in LANGUAGES else DEFAULT, LETTER, code, params)


def placeholders(text: str) -> Iterator[str]:
    """The parameters that a text names, in their order."""
    return (name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _said(language: str, context: str, code: str, params: Mapping[str, Any]) -> str:
    template = _template(language, context, code)
    if template is None:
        return code
    text = template.text
    if template.counts is not None and isinstance(count := params.get(template.counts), int):
        text = CATALOGUES[language].npgettext(context, code, code, abs(count))
    return text.format_map(_written(params))


@lru_cache(4096)
def _template(language: str, context: str, code: str) -> _Template | None:
    """What is said of a code for one; plural forms follow the first parameter that the text names."""
    text = CATALOGUES[language].pgettext(context, code)
    if text == code:
        return None
    is_plural = CATALOGUES[language].npgettext(context, code, code, 1) != code
    return _Template(text, next(placeholders(text), None) if is_plural else None)


def _written(params: Mapping[str, Any]) -> _Params:
    return _Params(
        (name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)) for name, value in params.items()
    )


@lru_cache(256)
def best_language(accepted: str) -> str:
    """Choose the language for a reader.

    :param accepted: the value of ``Accept-Language`` (RFC 9110 §12.5.4), with weights; empty for none.
    :returns: one of the languages that exist; the default when none is wanted more.
    """
    wanted = dict(_weights(accepted[:1000]))
    rest = wanted.get("*", 0.0)
    weights = {language: wanted.get(language, rest) for language in LANGUAGES}
    return max(LANGUAGES, key=lambda language: (weights[language], language == DEFAULT))


def _weights(accepted: str) -> Iterable[tuple[str, float]]:
    found: dict[str, float] = {}
    for part in accepted.lower().split(","):
        tag, _, parameter = part.partition(";")
        language = tag.strip().partition("-")[0]
        found[language] = max(found.get(language, 0.0), _weight(parameter.strip()))
    return found.items()


def _weight(parameter: str) -> float:
    if not parameter:
        return 1.0
    try:
        weight = float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
