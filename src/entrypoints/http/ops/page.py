"""What the page shows: numbers and times as the reader writes them."""

from core.kernel.outbox import LANES
from entrypoints.http.ops.overview import Overview
from entrypoints.http.panel.screens import View
from entrypoints.http.panel.visit import Visit
from entrypoints.shared.texts import page_text

UNITS = (86_400, 3_600, 60, 1)
"""Seconds of a day, an hour, a minute and a second."""

_NO_BREAK = "\N{NO-BREAK SPACE}"


def overview_view(visit: Visit, overview: Overview) -> View:
    """The page with everything."""
    language = visit.reader.language

    def spent(seconds: float) -> str:
        return duration(language, seconds)

    def number(value: float) -> str:
        written = f"{value:,}"
        return written.replace(",", _NO_BREAK).replace(".", ",") if language == "ru" else written

    return View("ops.html", {"overview": overview, "lanes": LANES, "spent": spent, "number": number})


def sign_in_view(*, has_key: bool, wrong: bool) -> View:
    """The form to sign in.

    :param has_key: False says that nobody can, since no key is set.
    :param wrong: says that the key was another.
    """
    return View("ops_sign_in.html", {"has_key": has_key, "wrong": wrong}, 401)


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
