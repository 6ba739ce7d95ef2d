"""Writes pages: the shell around them, their texts, and the headers that keep them safe."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from entrypoints.http.answer import Answer, Headers
from entrypoints.http.panel.assets import asset
from entrypoints.http.panel.cookies import NOTICE, small_cookie
from entrypoints.http.panel.forgery import FIELD
from entrypoints.http.panel.menu import Me, menu_of
from entrypoints.http.panel.screens import Failure, View
from entrypoints.http.panel.visit import THEMES, Visit
from entrypoints.shared.texts import LANGUAGES, page_text

POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FOLDERS = ("panel", "ops")
NO_HEADERS: Headers = []

_HTTP = Path(__file__).parent.parent
_templates = Environment(
    loader=ChoiceLoader([FileSystemLoader(_HTTP / name / "templates") for name in FOLDERS]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def written(view: View, visit: Visit, failure: Failure | None = None, me: Me | None = None) -> Answer:
    """The page as a whole, or only what is inside the shell, where that is wanted.

    :param failure: why a form on it was refused.
    :param me: the menu of who has signed in.
    """
    language = visit.reader.language

    def text(code: str, **params: object) -> str:
        return page_text(language, code, params)

    def when(at: datetime) -> str:
        there = at.astimezone(ZoneInfo("UTC" if me is None else me.timezone))
        return f"{there:%d.%m.%Y, %H:%M %Z}" if language == "ru" else f"{there:%d %b %Y, %H:%M %Z}"

    def filled(form: str) -> Failure:
        return failure if failure is not None and failure.form == form else _EMPTY

    html = _templates.get_template(view.template).render(
        visit=visit,
        reader=visit.reader,
        t=text,
        asset=asset,
        filled=filled,
        when=when,
        menu=menu_of(visit.actor, language),
        languages=LANGUAGES,
        themes=("", *THEMES),
        token_field=FIELD,
        me=me,
        **view.values,
    )
    status = view.status if failure is None else failure.status
    return Answer(status, html.encode(), [*_headers(language), *_cookies(view, visit)])


_EMPTY = Failure(form="", typed={}, wrong={}, said="", status=200)


def _headers(language: str) -> Headers:
    return [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-language", language.encode()),
        (b"vary", b"accept-language, cookie, hx-request-type"),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", POLICY),
        (b"referrer-policy", b"no-referrer"),
    ]


def _cookies(view: View, visit: Visit) -> Headers:
    told = [small_cookie(NOTICE, "", 0)] if visit.notice else []
    return [(b"set-cookie", cookie.encode()) for cookie in (*told, *view.cookies)]


def moved(path: str, cookies: Iterable[str] = (), more: Headers = NO_HEADERS) -> Answer:
    """Sends the browser to another page, which it asks for by GET.

    :param path: of this site.
    :param cookies: values of ``Set-Cookie``.
    :param more: headers of the answer.
    """
    headers: Headers = [(b"location", path.encode()), (b"cache-control", b"no-store"), *more]
    return Answer(303, b"", [*headers, *((b"set-cookie", cookie.encode()) for cookie in cookies)])
