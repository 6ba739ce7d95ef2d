"""The operations of HTTP: the page about them, and the rows of `soty routes`."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from entrypoints.cli.generated.markdown import page, table
from entrypoints.http.condition_docs import takes_if_match
from entrypoints.http.openapi import SHARED, TAGS, codes_of
from entrypoints.http.operation import ANSWER_SECONDS, Operation
from entrypoints.http.operations import OPERATIONS

ABOUT = f"""Made from the table of operations, as the routes and [openapi.json](../../contracts/http/openapi.json) are;
every field is there, with examples, and a process shows it at `/docs`. The caller's key goes into
`Authorization: Bearer`.

Words in the column *how*:

- *limited*: it counts against [`SOTY_HTTP_RATE_LIMIT`](settings.md#soty_http_rate_limit);
- *once*: with an `Idempotency-Key` it is done once, however often it is sent;
- *ETag*: the answer carries one; *If-Match*: only the state that was seen is changed;
- *signed*: without a key where senders sign, by Standard Webhooks;
- a time: after that one is told that it is unavailable, otherwise after {ANSWER_SECONDS} s.

An operation may answer the errors of its kind too:"""


class Route(msgspec.Struct, frozen=True):
    """One operation as `soty routes` shows it; ``permission`` null is public, ``errors`` are all that it may answer."""

    method: str
    path: str
    summary: str
    tag: str
    permission: str | None
    how: list[str]
    errors: list[str]


def routes() -> list[Route]:
    """Every operation, in the order of the table."""
    return [
        Route(each.method, each.path, each.summary, each.tag, each.permission, _how(each), codes_of(each))
        for each in OPERATIONS
    ]


def reference() -> str:
    """The page."""
    shared = table(["an operation that is", "may answer"], ([each.kind, _linked(each.codes)] for each in SHARED))
    return page("HTTP", ABOUT, shared, *_tags())


def operations_of(use_case: type) -> list[Operation]:
    """What over HTTP calls a use case."""
    return [each for each in OPERATIONS if each.acts_on is use_case]


def _tags() -> Iterator[str]:
    heads = ["operation", "does", "permission", "how", "errors of its own"]
    for tag, about in TAGS.items():
        yield f"## {tag.capitalize()}"
        yield about
        yield table(heads, (_row(each) for each in OPERATIONS if each.tag == tag))


def _row(each: Operation) -> list[str]:
    needs = each.permission or "public"
    permission = f"[`{needs}`](permissions.md#{needs})" if "." in needs else needs
    return [f"`{each.method} {each.path}`", each.summary, permission, ", ".join(_how(each)), _linked(each.errors)]


def _linked(codes: Iterable[str]) -> str:
    return ", ".join(f"[`{code}`](errors.md#{code})" for code in codes)


def _how(each: Operation) -> list[str]:
    words: dict[str, Any] = {
        "limited": each.limited,
        "once": each.once,
        "ETag": each.etag and each.method == "GET",
        "If-Match": takes_if_match(each),
        "signed": each.signed,
        f"{each.seconds:g} s": each.seconds != ANSWER_SECONDS,
    }
    return [word for word, holds in words.items() if holds]
