"""Texts in every language."""

import string

import pytest

from core.kernel.fields import field_errors
from entrypoints.http.openapi import ERRORS
from entrypoints.shared.texts import DEFAULT, LANGUAGES, TEXTS, best_language, error_text, field_text

FIELD_CODES = {
    "missing",
    "unknown",
    "doubled",
    "wrong_type",
    "out_of_range",
    "too_small",
    "too_large",
    "too_short",
    "too_long",
    "pattern",
    "not_one_of",
    "bad_uuid",
    "bad_time",
    "naive_time",
    "not_utf8",
    "nul",
    "not_csv",
    "wrong_cells",
    "too_many",
    "too_many_rows",
    "doubled_stock",
    "zero",
    "insufficient_stock",
    "invalid",
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_text_and_every_text_its_code(language: str) -> None:
    assert set(TEXTS[language].errors) == set(ERRORS)
    assert set(TEXTS[language].fields) == FIELD_CODES


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_name_the_same_parameters(language: str) -> None:
    default, other = TEXTS[DEFAULT], TEXTS[language]
    for code, text in other.errors.items():
        assert placeholders(text.detail) == placeholders(default.errors[code].detail), code
        assert not placeholders(text.title)
    for code, told in other.fields.items():
        assert placeholders(told) == placeholders(default.fields[code]), code


def test_parameters_of_fields_are_named_in_the_texts() -> None:
    (error,) = field_errors([], dict[str, int])
    assert field_text("en", error["code"], error["params"]) == "must be of type object"


def test_an_unknown_code_or_parameter_does_not_fail() -> None:
    assert error_text("ru", "nobody.knows", {}).title == TEXTS["ru"].errors["kernel.error"].title
    assert field_text("en", "nobody_knows", {}) == "is not valid"
    assert error_text("en", "kernel.forbidden", {}).detail == "This needs the permission ?."


def test_languages_are_weighed() -> None:
    assert best_language("ru;q=0.3, en;q=0.2") == "ru"
    assert best_language("en-GB, ru") == "en"
    assert best_language("") == "en"
