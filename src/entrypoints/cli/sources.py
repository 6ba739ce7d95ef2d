"""The Python files of a tree, parsed once."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Source(NamedTuple):
    """One parsed file: where it is, its dotted name under `src`, its text and tree."""

    path: str
    module: str
    text: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether it is the `__init__.py` of a package."""
        return self.path.endswith("/__init__.py")

    def at(self, node: ast.stmt | ast.expr, why: str) -> str:
        """A finding at a node of this file."""
        return f"{self.path}:{node.lineno}: {why}"


class Import(NamedTuple):
    """One imported name: the module it comes from and the statement."""

    module: str
    name: str | None
    node: ast.Import | ast.ImportFrom


@lru_cache(maxsize=4096)
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


def sources(root: Path, *folders: str) -> list[Source]:
    """Parse the Python files of folders.

    :param root: root of the tree.
    :param folders: folders below it, `src` when none is given.
    """
    found = []
    for folder in folders or ("src",):
        for path in sorted((root / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            parts = path.relative_to(root / "src" if folder.split("/")[0] == "src" else root).with_suffix("").parts
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Source(path.relative_to(root).as_posix(), module, text, _parse(text)))
    return found


def imports(tree: ast.AST) -> Iterator[Import]:
    """Every import of a tree, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, None, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (Import("." * node.level + (node.module or ""), alias.name, node) for alias in node.names)


def classes(source: Source) -> list[ast.ClassDef]:
    """Classes at the top of a file."""
    return [node for node in source.tree.body if isinstance(node, ast.ClassDef)]


def methods(cls: ast.ClassDef) -> list[Function]:
    """Functions written in a class."""
    return [node for node in cls.body if isinstance(node, Function)]


def functions(tree: ast.AST) -> list[Function]:
    """Every function of a tree, nested ones too."""
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name, without a subscript: `work.OpenWork[X]` is `OpenWork`."""
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    if isinstance(node, ast.Call):
        return last_name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def base_names(cls: ast.ClassDef) -> list[str]:
    """Names of the bases of a class."""
    return [last_name(base) for base in cls.bases]


def decorators(node: Function | ast.ClassDef) -> set[str]:
    """Last names of the decorators of a definition."""
    return {last_name(item) for item in node.decorator_list}


def modules(root: Path) -> list[str]:
    """Names of the business modules: the folders of `src/core` but the kernel."""
    core = root / "src" / "core"
    return sorted(path.name for path in core.iterdir() if (path / "__init__.py").is_file() and path.name != "kernel")


def strings(source: Source) -> Iterator[ast.Constant]:
    """String constants of a file that are no docstrings."""
    docs = {id(doc) for node in ast.walk(source.tree) if (doc := docstring(node)) is not None}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


def docstring(node: ast.AST) -> ast.Constant | None:
    """The docstring of a module, class or function."""
    if not isinstance(node, ast.Module | ast.ClassDef | Function) or not node.body:
        return None
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first.value
    return None
