"""The permissions: the page about them, and the rows of `soty permissions`."""

import inspect
import re
from collections.abc import Iterator
from functools import cache

import msgspec

from entrypoints.cli.generated.markdown import anchored, page, summary, table
from entrypoints.http.operations import OPERATIONS
from entrypoints.shared.modules import MODULES

REQUIRED = re.compile(r"\bactor\.require\((\w+)\)")
ABOUT = """Each use case asks the actor who calls it for a permission, and HTTP asks before it reads the request. The
holder of [`SOTY_API_KEY`](settings.md#soty_api_key) has all of them but those about people.
Processes of Soty itself need none."""


class Permission(msgspec.Struct, frozen=True):
    """A permission and what asks for it."""

    name: str
    module: str
    routes: list[str]
    use_cases: list[str]


def permissions() -> list[Permission]:
    """Every permission, by module."""
    return [
        Permission(
            name=name,
            module=module.name,
            routes=[f"{each.method} {each.path}" for each in OPERATIONS if each.permission == name],
            use_cases=[use_case.__name__ for use_case in module.use_cases if name in required_by(use_case)],
        )
        for module in MODULES
        for name in module.permissions
    ]


@cache
def required_by(use_case: type) -> list[str]:
    """The permissions that the text of a use case asks the actor for."""
    names = REQUIRED.findall(inspect.getsource(use_case))
    return sorted({getattr(inspect.getmodule(use_case), name) for name in names})


def reference() -> str:
    """The page."""
    return page("Permissions", ABOUT, *_each())


def _each() -> Iterator[str]:
    for module in MODULES:
        for name in module.permissions:
            yield f"## {anchored(name)}"
            asked = (use_case for use_case in module.use_cases if name in required_by(use_case))
            yield table(["use case", "does"], ([f"`{each.__name__}`", summary(each)] for each in asked))
            over = (each for each in OPERATIONS if each.permission == name)
            yield table(["over HTTP", "does"], ([f"`{each.method} {each.path}`", each.summary] for each in over))
