"""The page of errors: what each code means, in every language, and what to do about it."""

from collections.abc import Iterator
from itertools import groupby

from core.kernel.errors import Kind, SotyError
from entrypoints.cli.generated.markdown import anchored, page, summary, table
from entrypoints.http.errors import ERRORS, STATUS_OF_KIND, status_of
from entrypoints.shared.texts import LANGUAGES, error_template

ABOUT = """One registry feeds HTTP, the command line and this page. A refusal over HTTP is a problem document
(RFC 9457, `application/problem+json`): its `code` is stable and stands below, its `title` and `detail` come in the
language of `Accept-Language`. `error_id` finds a failure in the log. Names in braces are parameters; a problem has
them in `context`."""
WHAT_TO_DO = {
    Kind.INVALID: "Mend what `errors` names and send it again; the same request will be refused again.",
    Kind.UNAUTHENTICATED: "Send a credential that is known, as `WWW-Authenticate` says.",
    Kind.FORBIDDEN: "Use a key that has the [permission](permissions.md) that `context` names.",
    Kind.NOT_FOUND: "Check the identifier or the address; a list shows what there is.",
    Kind.CONFLICT: "Read the state as it is now and decide anew; the same again will not help.",
    Kind.STALE: "Read it again, take the new `ETag`, and send the change with that.",
    Kind.LIMITED: "Wait for the seconds in `Retry-After`, then send the same request.",
    Kind.UNAVAILABLE: "Nothing was kept. Send the same again after `Retry-After`; operators run `./soty doctor`.",
}


def reference() -> str:
    """The page."""
    kinds = ([f"`{kind}`", str(STATUS_OF_KIND[kind]), text] for kind, text in WHAT_TO_DO.items())
    return page("Errors", ABOUT, "## What to do", table(["kind", "HTTP status", "what to do"], kinds), *_owners())


def _owners() -> Iterator[str]:
    heads = ["code", "kind", "HTTP status", *LANGUAGES, "when"]
    for owner, codes in groupby(sorted(ERRORS), key=lambda code: code.partition(".")[0]):
        yield f"## {owner}"
        yield table(heads, (_row(ERRORS[code]) for code in codes))


def _row(error: type[SotyError]) -> list[str]:
    texts = [error_template(language, error.code) for language in LANGUAGES]
    said = [f"**{text.title}.** {text.detail}".replace("<", "&lt;") for text in texts]
    return [anchored(error.code), f"`{error.kind}`", str(status_of(error)), *said, summary(error)]
