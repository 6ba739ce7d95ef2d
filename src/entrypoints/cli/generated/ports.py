"""The ports: the page about them, and the rows of `soty adapters`."""

import ast
from collections.abc import Iterator
from itertools import groupby

import msgspec

from entrypoints.cli.generated.markdown import anchored, first, page, table, told
from entrypoints.cli.port_bindings import HeldPort, Suite, held_ports
from entrypoints.cli.sources import methods
from entrypoints.shared.settings import ROOT

ABOUT = """What the core needs from outside. Each port is a Protocol with its promise in the docstrings, and has
[suites](#suites) of tests that are written against it alone: what they say is what every adapter keeps, ours and yours.
An adapter is *bound* when a suite of the port runs against it in `tests/contract/<adapter>`; `./soty check` fails where
one is not."""


class Fulfilled(msgspec.Struct, frozen=True):
    """A class that fulfils a port, and which suites of the port are run against it; without any it is not bound."""

    adapter: str
    name: str
    path: str
    bound_to: list[str]


class PortView(msgspec.Struct, frozen=True):
    """A port with its suites, what they promise, and its adapters."""

    name: str
    path: str
    suites: dict[str, str]
    promises: list[str]
    adapters: list[Fulfilled]


def port_views() -> list[PortView]:
    """Every port as `soty adapters` shows it; suites by name with their file."""
    return [
        PortView(
            name=held.port.name,
            path=held.port.source.path,
            suites={suite.cls.name: suite.source.path for suite in held.suites},
            promises=[promise for suite in held.suites for promise in suite.promises],
            adapters=[Fulfilled(each.adapter, each.cls.name, each.source.path, each.suites) for each in held.adapters],
        )
        for held in held_ports(ROOT)
    ]


def reference() -> str:
    """The page."""
    every = held_ports(ROOT)
    heads = ["port", "of", "for", "adapters"]
    rows = (
        [f"[`{held.port.name}`](#{held.port.name})", _owner(held), _about(held), ", ".join(_adapters(held))]
        for held in every
    )
    suites = {suite.cls.name: suite for held in every for suite in held.suites}
    return page(
        "Ports",
        ABOUT,
        table(heads, rows),
        *(part for held in every for part in _described(held)),
        "## Suites",
        *(part for name in sorted(suites) for part in _promised(suites[name])),
    )


def _owner(held: HeldPort) -> str:
    return held.port.source.module.split(".")[1]


def _about(held: HeldPort) -> str:
    return first(ast.get_docstring(held.port.cls))


def _adapters(held: HeldPort) -> list[str]:
    return [name for name, _ in groupby(each.adapter for each in held.adapters)]


def _described(held: HeldPort) -> Iterator[str]:
    yield f"## {anchored(held.port.name)}"
    yield told(ast.get_docstring(held.port.cls))
    yield f"In {_file(held.port.source.path)}."
    of_methods = ((method.name, first(ast.get_docstring(method))) for method in methods(held.port.cls))
    yield table(["method", "does"], ([f"`{name}`", doc] for name, doc in of_methods))
    fulfilled = ([each.adapter, _file(each.source.path, each.cls.name), _bound(each.suites)] for each in held.adapters)
    yield table(["adapter", "class", "bound to"], fulfilled)


def _promised(suite: Suite) -> Iterator[str]:
    yield f"### {anchored(suite.cls.name)}"
    yield f"In {_file(suite.source.path)}:"
    yield "\n".join(f"- {promise}" for promise in suite.promises)


def _bound(suites: list[str]) -> str:
    return ", ".join(f"[`{name}`](#{name})" for name in suites) or "**nothing**"


def _file(path: str, name: str = "") -> str:
    return f"[`{name or path}`](../../{path})"
