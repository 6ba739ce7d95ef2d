"""Texts in every language."""

import pytest

from core.kernel.fields import field_errors
from entrypoints.http.errors import ERRORS
from entrypoints.shared.texts import LANGUAGES, best_language, error_template, error_text, field_text, page_text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ERRORS)
def test_every_error_has_its_text(language: str, code: str) -> None:
    assert error_template(language, code).title
    assert error_text(language, code, {}).detail != code


@pytest.mark.parametrize(
    "count, said",
    [
        (0, "0 секунд."),
        (1, "1 секунду."),
        (2, "2 секунды."),
        (5, "5 секунд."),
        (11, "11 секунд."),
        (21, "21 секунду."),
        (104, "104 секунды."),
        (-3, "-3 секунды."),
    ],
)
def test_russian_counts(count: int, said: str) -> None:
    assert error_text("ru", "kernel.limited", {"retry_after": count}).detail.endswith(said)


def test_english_counts() -> None:
    said = [field_text("en", "insufficient_stock", {"deficiency": count}) for count in (1, 2)]
    assert said == [f"is not covered by the stock: {number} missing" for number in ("1 piece is", "2 pieces are")]


def test_what_is_no_number_is_not_counted() -> None:
    assert field_text("en", "too_long", {"max": "some"}) == "must have at most some character or item"


def test_a_template_names_its_parameters() -> None:
    assert error_template("en", "kernel.forbidden").detail == "This needs the permission {permission}."
    with pytest.raises(KeyError):
        error_template("en", "nobody.knows")


def test_parameters_of_fields_are_named_in_the_texts() -> None:
    (error,) = field_errors([], dict[str, int])
    assert field_text("en", error["code"], error["params"]) == "must be of type object"


def test_an_unknown_code_or_parameter_does_not_fail() -> None:
    assert error_text("ru", "nobody.knows", {}) == error_template("ru", "kernel.error")
    assert field_text("en", "nobody_knows", {}) == "is not valid"
    assert page_text("en", "nobody.knows") == "nobody.knows"
    assert error_text("en", "kernel.forbidden", {}).detail == "This needs the permission ?."


def test_languages_are_weighed() -> None:
    assert best_language("ru;q=0.3, en;q=0.2") == "ru"
    assert best_language("en-GB, ru") == "en"
    assert best_language("") == "en"
