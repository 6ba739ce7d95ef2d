"""Ports, the adapters that fulfil them and the suites that hold both to their word."""

import ast
from pathlib import Path

from entrypoints.cli.port_bindings import ancestors, held_ports, ports
from entrypoints.cli.sources import Function, classes, decorators, methods, sources


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
    """A class outside the core that has all methods of a port inherits it, or another port that asks for the same."""
    known = ports(root)
    wanted = {name: _shapes(port.cls) for name, port in known.items()}
    found = []
    for source in sources(root, "src/adapters", "src/entrypoints"):
        for cls in classes(source):
            inherited = ancestors(cls, source, known) & set(known)
            own = _shapes(cls).difference(*(wanted[name] for name in inherited))
            found += [
                source.at(cls, f"{cls.name} does what {name} asks and does not inherit it")
                for name in sorted(known.keys() - inherited)
                if wanted[name] and wanted[name] <= own
            ]
    return found


def _shapes(cls: ast.ClassDef) -> set[tuple[str, bool, tuple[str, ...]]]:
    return {_shape(method) for method in methods(cls)}


def _shape(method: Function) -> tuple[str, bool, tuple[str, ...]]:
    """Name, whether the answer is awaited, and arguments; a context manager is entered and not awaited."""
    arguments = [*method.args.posonlyargs, *method.args.args, *method.args.kwonlyargs]
    awaited = isinstance(method, ast.AsyncFunctionDef) and "asynccontextmanager" not in decorators(method)
    return method.name, awaited, tuple(argument.arg for argument in arguments)


def contract_suites(root: Path) -> list[str]:
    """Every port has a suite in contracts/ports, and each adapter of it a test class that inherits the suite."""
    found = []
    for port, suites, adapters in held_ports(root):
        if not suites:
            found.append(port.source.at(port.cls, f"{port.name} has no suite in contracts/ports"))
            continue
        for adapter, source, cls, bound_to in adapters:
            if not bound_to:
                why = f"{cls.name} is not bound to the suite of {port.name} in tests/contract/{adapter}"
                found.append(source.at(cls, why))
    return found
