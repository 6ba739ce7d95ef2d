"""Texts for people, by language and code."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

DEFAULT = "en"
LANGUAGES = (DEFAULT, "ru")


class ErrorText(msgspec.Struct, frozen=True):
    """What is said of one code."""

    title: str
    detail: str


class Texts(msgspec.Struct, frozen=True):
    """All texts of one language; values hold ``{parameters}``."""

    errors: dict[str, ErrorText]
    fields: dict[str, str]


class _Params(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "?"


def load(language: str) -> Texts:
    """Read the texts of a language from its file."""
    raw = Path(__file__).with_name("texts").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(raw), Texts)


TEXTS: Mapping[str, Texts] = {language: load(language) for language in LANGUAGES}


def error_text(language: str, code: str, params: Mapping[str, Any]) -> ErrorText:
    """What to say of an error.

    :param code: its code; an unknown one is spoken of as ``kernel.error``.
    :param params: its parameters.
    """
    errors = TEXTS[language].errors
    text = errors.get(code) or errors["kernel.error"]
    return ErrorText(text.title, text.detail.format_map(_written(params)))


def field_text(language: str, code: str, params: Mapping[str, Any]) -> str:
    """What to say of a field, after its name.

    :param code: of the field's error, such as ``missing``.
    """
    fields = TEXTS[language].fields
    return fields.get(code, fields["invalid"]).format_map(_written(params))


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
