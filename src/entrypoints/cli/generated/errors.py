"""The page of errors: what each code means, in every language, and what to do about it."""

from collections.abc import Iterator
from itertools import groupby

from core.kernel.errors import Kind, SotyError
from entrypoints.cli.generated.markdown import anchored, page, summary, table
from entrypoints.http.error_page import what_to_do
from entrypoints.http.errors import ERRORS, STATUS_OF_KIND, status_of
from entrypoints.shared.texts import LANGUAGES, error_template

ABOUT = """One registry feeds HTTP, the command line and this page. A refusal over HTTP is a problem document
(RFC 9457, `application/problem+json`): its `code` is stable and stands below, its `title` and `detail` come in the
language of `Accept-Language`, and its `type` leads to the code on the page `/errors` of the process that answered,
which has the anchors of this one. `error_id` finds a failure in the log. Names in braces are parameters; a problem has
them in `context`."""


def reference() -> str:
    """The page."""
    texts = [what_to_do(language) for language in LANGUAGES]
    rows = ([f"`{name}`", _status(name), *(text[name] for text in texts)] for name in texts[0])
    return page("Errors", ABOUT, "## What to do", table(["kind", "HTTP status", *LANGUAGES], rows), *_owners())


def _status(name: str) -> str:
    return str(status_of(ERRORS[name]) if name in ERRORS else STATUS_OF_KIND[Kind(name)])


def _owners() -> Iterator[str]:
    heads = ["code", "kind", "HTTP status", *LANGUAGES, "when"]
    for owner, codes in groupby(sorted(ERRORS), key=lambda code: code.partition(".")[0]):
        yield f"## {owner}"
        yield table(heads, (_row(ERRORS[code]) for code in codes))


def _row(error: type[SotyError]) -> list[str]:
    texts = [error_template(language, error.code) for language in LANGUAGES]
    said = [f"**{text.title}.** {text.detail}".replace("<", "&lt;") for text in texts]
    return [anchored(error.code), f"`{error.kind}`", str(status_of(error)), *said, summary(error)]
