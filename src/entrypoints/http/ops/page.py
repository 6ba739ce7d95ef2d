"""Writes the page: templates with texts in the language of the reader."""

from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.kernel.outbox import LANES
from entrypoints.http.ops.overview import Overview
from entrypoints.shared.texts import page_text

THEMES = ("light", "dark")
UNITS = (86_400, 3_600, 60, 1)
"""Seconds of a day, an hour, a minute and a second."""

_NO_BREAK = "\N{NO-BREAK SPACE}"

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Reader(msgspec.Struct, frozen=True):
    """Who reads: the language, the chosen theme (empty for that of the system), and whether signed in."""

    language: str
    theme: str
    signed_in: bool


def overview_page(reader: Reader, overview: Overview) -> str:
    """The whole page.

    :param overview: what to show.
    """
    return _written("ops.html", reader, overview=overview, lanes=LANES)


def sign_in_page(reader: Reader, *, has_key: bool, wrong: bool) -> str:
    """The form to sign in.

    :param has_key: False says that nobody can, since no key is set.
    :param wrong: says that the key was another.
    """
    return _written("sign_in.html", reader, has_key=has_key, wrong=wrong)


def duration(language: str, seconds: float) -> str:
    """A time that passed in its two largest units, such as ``2 h 5 min``."""
    left, parts = int(seconds), list[str]()
    for size, words in zip(UNITS, _units(language), strict=True):
        number, left = divmod(left, size)
        if number or (size == 1 and not parts):
            parts.append(f"{number}{_NO_BREAK}{words}")
        if len(parts) == 2 or (parts and not number):
            break
    return " ".join(parts)


def _units(language: str) -> tuple[str, ...]:
    return (
        page_text(language, "ops.days"),
        page_text(language, "ops.hours"),
        page_text(language, "ops.minutes"),
        page_text(language, "ops.seconds"),
    )


def _written(name: str, reader: Reader, **values: object) -> str:
    language = reader.language

    def text(code: str, **params: object) -> str:
        return page_text(language, code, params)

    def spent(seconds: float) -> str:
        return duration(language, seconds)

    def number(value: float) -> str:
        written = f"{value:,}"
        return written.replace(",", _NO_BREAK).replace(".", ",") if language == "ru" else written

    return _templates.get_template(name).render(
        reader=reader, t=text, spent=spent, number=number, themes=("", *THEMES), **values
    )
