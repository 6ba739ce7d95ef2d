"""Ports, the adapters that fulfil them and the suites that hold both to their word, as the sources of a tree say."""

import ast
import re
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from entrypoints.cli.sources import Source, base_names, classes, imports, methods, sources


class Port(NamedTuple):
    """A Protocol of the core."""

    source: Source
    cls: ast.ClassDef

    @property
    def name(self) -> str:
        """The name of the Protocol."""
        return self.cls.name


class Suite(NamedTuple):
    """A class of tests that is written against a port alone."""

    source: Source
    cls: ast.ClassDef

    @property
    def promises(self) -> list[str]:
        """What the port promises: the names of the tests as sentences."""
        names = (method.name for method in methods(self.cls))
        return [name.removeprefix("test_").replace("_", " ") for name in names if name.startswith("test_")]


class Binding(NamedTuple):
    """An adapter class that inherits a port, and which suites of the port are run against the adapter."""

    adapter: str
    source: Source
    cls: ast.ClassDef
    suites: list[str]


class HeldPort(NamedTuple):
    """A port with its suites and adapters."""

    port: Port
    suites: list[Suite]
    adapters: list[Binding]


def ports(root: Path) -> dict[str, Port]:
    """Every Protocol of the core by name."""
    return {
        cls.name: Port(source, cls)
        for source in sources(root, "src/core")
        for cls in classes(source)
        if "Protocol" in base_names(cls)
    }


def held_ports(root: Path) -> list[HeldPort]:
    """Every port that has methods.

    :param root: of the tree whose sources are read, not run.
    """
    known = ports(root)
    suites = _suites_of(root, known)
    held = {name: HeldPort(port, suites[name], []) for name, port in known.items() if methods(port.cls)}
    tested = cache(partial(_tested_suites, root))
    for source in sources(root, "src/adapters"):
        adapter = source.path.split("/")[2]
        for cls in classes(source):
            for name in sorted(ancestors(cls, source, known) & set(held)):
                bound = [suite.cls.name for suite in suites[name] if suite.cls.name in tested(adapter)]
                held[name].adapters.append(Binding(adapter, source, cls, bound))
    return list(held.values())


def ancestors(cls: ast.ClassDef, source: Source, known: dict[str, Port]) -> set[str]:
    """Names of the bases of a class, of those of the same file and of ports all the way up."""
    beside = {other.name: other for other in classes(source)} | {name: port.cls for name, port in known.items()}
    names, new = set[str](), set(base_names(cls))
    while new:
        names |= new
        new = {base for name in new if name in beside for base in base_names(beside[name])} - names
    return names


def _tested_suites(root: Path, adapter: str) -> set[str]:
    """Names of the suites that test classes of an adapter inherit."""
    folders = (f"tests/{kind}/{adapter}" for kind in ("contract", "integration"))
    return {base for source in sources(root, *folders) for cls in classes(source) for base in base_names(cls)}


def _suites_of(root: Path, known: dict[str, Port]) -> dict[str, list[Suite]]:
    """By port the classes with tests in files of contracts/ports that bear its name, or import it or one made of it."""
    made_of = {name: {name, *ancestors(port.cls, port.source, known)} for name, port in known.items()}
    suites: dict[str, list[Suite]] = {name: [] for name in known}
    for source in sources(root, "contracts/ports"):
        named = {item.name or "" for item in imports(source.tree) if item.module.startswith("core.")} & set(known)
        meant = {port for name in named for port in made_of[name]} | set(_named_after(source, known))
        for cls in classes(source):
            if any(method.name.startswith("test_") for method in methods(cls)):
                for name in meant & set(known):
                    suites[name].append(Suite(source, cls))
    return suites


def _named_after(source: Source, known: dict[str, Port]) -> Iterator[str]:
    """The port whose name the name of a file begins with, the longest one where several do."""
    stem = source.module.rpartition(".")[2]
    fitting = [name for name in known if f"{stem}_".startswith(f"{_snake(name)}_")]
    yield from sorted(fitting, key=len)[-1:]


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
