"""Ports, the adapters that fulfil them and the suites that hold both to their word."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.arch.rules.source import Function, Source, base_names, classes, decorators, imports, methods, sources


class Port(NamedTuple):
    """A Protocol of the core."""

    source: Source
    cls: ast.ClassDef

    @property
    def name(self) -> str:
        """The name of the Protocol."""
        return self.cls.name


class Binding(NamedTuple):
    """An adapter class that inherits a port."""

    adapter: str
    source: Source
    cls: ast.ClassDef
    port: str


def ports(root: Path) -> dict[str, Port]:
    """Every Protocol of the core by name."""
    return {
        cls.name: Port(source, cls)
        for source in sources(root, "src/core")
        for cls in classes(source)
        if "Protocol" in base_names(cls)
    }


def abstract_methods(root: Path) -> list[str]:
    """Every method of a port is abstract, so that an adapter that lacks one cannot be made."""
    return [
        port.source.at(method, f"{port.name}.{method.name} is not @abstractmethod")
        for port in ports(root).values()
        for method in methods(port.cls)
        if "abstractmethod" not in decorators(method)
    ]


def small_ports(root: Path) -> list[str]:
    """A port has at most six methods."""
    return [
        port.source.at(port.cls, f"{port.name} has {len(methods(port.cls))} methods, at most 6")
        for port in ports(root).values()
        if len(methods(port.cls)) > 6
    ]


def explicit_adapters(root: Path) -> list[str]:
    """A class outside the core that has all methods of a port inherits the port."""
    known = ports(root)
    found = []
    for source in sources(root, "src/adapters", "src/entrypoints"):
        for cls in classes(source):
            own = {_shape(method) for method in methods(cls)}
            for port in known.values():
                wanted = {_shape(method) for method in methods(port.cls)}
                if wanted and wanted <= own and port.name not in _ancestors(cls, source, known):
                    found.append(source.at(cls, f"{cls.name} does what {port.name} asks and does not inherit it"))
    return found


def _shape(method: Function) -> tuple[str, bool, tuple[str, ...]]:
    """Name, whether the answer is awaited, and arguments; a context manager is entered and not awaited."""
    arguments = [*method.args.posonlyargs, *method.args.args, *method.args.kwonlyargs]
    awaited = isinstance(method, ast.AsyncFunctionDef) and "asynccontextmanager" not in decorators(method)
    return method.name, awaited, tuple(argument.arg for argument in arguments)


def _ancestors(cls: ast.ClassDef, source: Source, known: dict[str, Port]) -> set[str]:
    """Names of the bases of a class, of those of the same file and of ports all the way up."""
    beside = {other.name: other for other in classes(source)} | {name: port.cls for name, port in known.items()}
    names, new = set[str](), set(base_names(cls))
    while new:
        names |= new
        new = {base for name in new if name in beside for base in base_names(beside[name])} - names
    return names


def bindings(root: Path) -> Iterator[Binding]:
    """Every adapter class and each port that it inherits."""
    known = ports(root)
    for source in sources(root, "src/adapters"):
        parts = source.module.split(".")
        for cls in classes(source):
            for name in sorted(_ancestors(cls, source, known) & set(known)):
                yield Binding(parts[1], source, cls, name)


def contract_suites(root: Path) -> list[str]:
    """Every port has a suite in contracts/ports, and each adapter of it a test class that inherits the suite."""
    known = {name: port for name, port in ports(root).items() if methods(port.cls)}
    suites = _suites(root, known)
    found = [
        port.source.at(port.cls, f"{name} has no suite in contracts/ports")
        for name, port in known.items()
        if not suites[name]
    ]
    bound = list(bindings(root))
    tested = {adapter: _tested(root, adapter) for adapter in {binding.adapter for binding in bound}}
    for binding in bound:
        if suites.get(binding.port) and not suites[binding.port] & tested[binding.adapter]:
            why = f"{binding.cls.name} is not bound to the suite of {binding.port} in tests/contract/{binding.adapter}"
            found.append(binding.source.at(binding.cls, why))
    return found


def _tested(root: Path, adapter: str) -> set[str]:
    """Names of the suites that test classes of an adapter inherit."""
    folders = (f"tests/{kind}/{adapter}" for kind in ("contract", "integration"))
    return {base for source in sources(root, *folders) for cls in classes(source) for base in base_names(cls)}


def _suites(root: Path, known: dict[str, Port]) -> dict[str, set[str]]:
    """By port the classes with tests in files of contracts/ports that bear its name, or import it or one made of it."""
    every = ports(root)
    made_of = {name: {name, *_ancestors(port.cls, port.source, every)} for name, port in every.items()}
    suites: dict[str, set[str]] = {name: set() for name in known}
    for source in sources(root, "contracts/ports"):
        tests = {c.name for c in classes(source) if any(m.name.startswith("test_") for m in methods(c))}
        named = {item.name or "" for item in imports(source.tree) if item.module.startswith("core.")} & set(every)
        meant = {port for name in named for port in made_of[name]}
        meant |= {name for name in known if source.module.endswith(f".{_snake(name)}")}
        for name in meant & set(known):
            suites[name] |= tests
    return suites


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
