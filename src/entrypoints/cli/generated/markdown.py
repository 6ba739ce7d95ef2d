"""Pieces of pages in Markdown that read well on a forge, the same under every version of Python."""

import re
from collections.abc import Iterable, Sequence
from inspect import cleandoc
from typing import Any

MEND = "./soty reference --write"
FIELDS = re.compile(r"^:(?:param|returns|raises)\b.*", re.MULTILINE | re.DOTALL)
ROLE = re.compile(r":\w+:`~?([^`]+)`")


def page(title: str, *parts: str) -> str:
    """A page whose first lines say what it is and who wrote it.

    :param parts: each set off by an empty line; empty ones are left out.
    """
    head = f"# {title}\n\nWritten by `{MEND}`; `./soty check` compares it with the code."
    return "\n\n".join([head, *filter(None, parts)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; an empty cell shows a dash, and without rows there is no table."""
    lines = [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines]) if lines else ""


def anchored(name: str) -> str:
    """A name as code that links can lead to by itself."""
    return f'<a id="{name}"></a>`{name}`'


def code(names: Iterable[str]) -> str:
    """Names as code, one after another."""
    return ", ".join(f"`{name}`" for name in names)


def told(doc: str | None) -> str:
    """What a docstring says before its fields, in Markdown; empty where there is none."""
    return ROLE.sub(r"`\1`", FIELDS.sub("", cleandoc(doc or ""))).replace("``", "`").strip()


def summary(thing: Any) -> str:
    """The first paragraph of the docstring of a thing on one line."""
    return first(thing.__doc__)


def first(doc: str | None) -> str:
    """The first paragraph of a docstring on one line."""
    return " ".join(told(doc).partition("\n\n")[0].split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ") or "–"
