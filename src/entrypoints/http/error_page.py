"""The page that the ``type`` of every problem leads to: what a code means, and what to do about it."""

from collections.abc import Mapping
from functools import cache
from html import escape

from litestar.handlers import HTTPRouteHandler
from litestar.types import Scope

from core.kernel.errors import Kind, SotyError
from entrypoints.http.answer import Answer
from entrypoints.http.errors import ERRORS, status_of
from entrypoints.http.reading import language_of
from entrypoints.shared.texts import error_template, page_text

PATH = "/errors"
POLICY = b"default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
STYLE = """:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem; font: 16px/1.5 system-ui, sans-serif; }
code { overflow-wrap: anywhere; }
section { padding: .5rem 1rem; margin: 0 -1rem; border-radius: .75rem; }
section:target { background: light-dark(#fdefcf, #382a0c); }
h2 { margin: 0; font-size: 1.1rem; }
p { margin: .25rem 0; }"""


def type_of(code: str) -> str:
    """The ``type`` of a problem (RFC 9457 §3.1.1): a relative reference to its place on the page of this process.

    :param code: of the error.
    """
    return f"{PATH}#{code}"


def what_to_do(language: str) -> Mapping[str, str]:
    """How to mend an error, by its kind, and by its code where that is an exception among its kind."""
    return {
        Kind.INVALID: page_text(language, "errors.invalid"),
        Kind.UNAUTHENTICATED: page_text(language, "errors.unauthenticated"),
        Kind.FORBIDDEN: page_text(language, "errors.forbidden"),
        Kind.NOT_FOUND: page_text(language, "errors.not_found"),
        Kind.CONFLICT: page_text(language, "errors.conflict"),
        Kind.STALE: page_text(language, "errors.stale"),
        Kind.LIMITED: page_text(language, "errors.limited"),
        Kind.UNAVAILABLE: page_text(language, "errors.unavailable"),
        "kernel.request_in_flight": page_text(language, "errors.limited"),
        "http.internal": page_text(language, "errors.internal"),
    }


def error_page() -> HTTPRouteHandler:
    """The route of the page; public, in the language of the reader."""

    async def handle(scope: Scope) -> Answer:
        language = language_of(scope)
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-language", language.encode()),
            (b"vary", b"accept-language"),
            (b"cache-control", b"no-cache"),
            (b"content-security-policy", POLICY),
        ]
        return Answer(200, _page(language), headers)

    return HTTPRouteHandler(PATH, http_method="GET", name=PATH)(handle)


@cache
def _page(language: str) -> bytes:
    title = escape(page_text(language, "errors.title"))
    to_do = what_to_do(language)
    sections = "\n".join(_section(language, ERRORS[code], to_do) for code in sorted(ERRORS))
    return f"""<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/static/favicon.svg">
<style>{STYLE}</style>
<h1>{title}</h1>
{sections}
</html>
""".encode()


def _section(language: str, error: type[SotyError], to_do: Mapping[str, str]) -> str:
    text = error_template(language, error.code)
    return f"""<section id="{error.code}">
<h2>{escape(text.title)}</h2>
<p><code>{error.code}</code> · {status_of(error)}</p>
<p>{escape(text.detail)}</p>
<p>{escape(to_do.get(error.code) or to_do[error.kind])}</p>
</section>"""
