"""Every file that is written from the code, and whether it is what the code says."""

import difflib
from collections.abc import Callable, Mapping
from functools import partial

import msgspec

from entrypoints.cli.generated import (
    asyncapi,
    commands,
    errors,
    event_schemas,
    facts,
    modules,
    permissions,
    ports,
    routes,
)
from entrypoints.cli.generated.markdown import MEND
from entrypoints.http import openapi
from entrypoints.shared import settings_docs
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.modules import MODULES
from entrypoints.shared.settings import ROOT


class Page(msgspec.Struct, frozen=True):
    """What makes the text of a file, and what to think of before it is written again."""

    make: Callable[[], str]
    more: str = ""


SCHEMAS = {
    f"contracts/events/{name}.schema.json": Page(
        partial(event_schemas.schema, name), asyncapi.NEW_VERSION if name in event_schemas.FACTS else ""
    )
    for name in (*event_schemas.MESSAGES, *event_schemas.FACTS)
}
SETTINGS = {
    "docs/reference/settings.md": Page(settings_docs.reference),
    ".env.example": Page(settings_docs.example),
}
OPENAPI = {"contracts/http/openapi.json": Page(lambda: openapi.document().decode())}
ASYNCAPI = {"contracts/kafka/asyncapi.json": Page(asyncapi.document)}
REFERENCE = {
    "docs/reference/cli.md": Page(commands.reference),
    "docs/reference/errors.md": Page(errors.reference),
    "docs/reference/events.md": Page(facts.reference),
    "docs/reference/http.md": Page(routes.reference),
    "docs/reference/ports.md": Page(ports.reference),
    "docs/reference/permissions.md": Page(permissions.reference),
}
CANVASES = {
    "docs/modules/README.md": Page(modules.reference),
    **{f"docs/modules/{module.name}.md": Page(partial(modules.canvas, module)) for module in MODULES},
}
PAGES: Mapping[str, Page] = {**SETTINGS, **OPENAPI, **ASYNCAPI, **SCHEMAS, **REFERENCE, **CANVASES}
WHOLE = ("contracts/events/*.schema.json", "docs/modules/*.md")
"""Folders in which nothing else lies."""


def settle(pages: Mapping[str, Page], *, write: bool, mend: str = MEND) -> int:
    """Write pages, or compare them with the code.

    :param pages: some of ``PAGES``; with all of them also what nothing makes any more is looked for, or removed.
    :param mend: the command that writes them.
    :raises FaultError: they are compared, and some differ; each is named.
    """
    stale = {name: text for name, page in pages.items() if _difference(name, text := page.make())}
    gone = _left_over() if pages is PAGES else []
    if not write and (stale or gone):
        differing = (
            Fault(f"{name} is not what the code says", _difference(name, text), mend, pages[name].more)
            for name, text in stale.items()
        )
        raise FaultError([*differing, *(Fault(f"{name} is of something that is no more", fix=mend) for name in gone)])
    for name, text in stale.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in gone:
        (ROOT / name).unlink()
    return Exit.OK


def _left_over() -> list[str]:
    found = (path.relative_to(ROOT).as_posix() for pattern in WHOLE for path in ROOT.glob(pattern))
    return sorted(set(found) - set(PAGES))


def _difference(name: str, text: str) -> str:
    """The first line that differs, as a diff has it; empty when none does."""
    path = ROOT / name
    if not path.exists():
        return "it is missing"
    kept = path.read_text(encoding="utf-8")
    lines = difflib.unified_diff(kept.splitlines(), text.splitlines(), lineterm="", n=0)
    changed = (line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---"))
    return "" if kept == text else next(changed, "the ends of lines differ")
