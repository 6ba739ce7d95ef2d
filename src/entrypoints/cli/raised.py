"""Which errors are raised where, and whether manifests, docstrings and operations say so; read from the sources."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from entrypoints.shared.settings import ROOT

DECLARED = re.compile(r":raises (\w+):")
KERNEL = "kernel."
"""Errors of the kernel follow from what kind of operation it is."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class ErrorClass(Struct, frozen=True):
    """A class of errors with a code, and where."""

    name: str
    code: str
    module: str
    path: str


class UseCase(Struct, frozen=True):
    """A use case, or a further method of one: what its docstring says that it raises, and what its file raises."""

    name: str
    path: str
    line: int
    declared: frozenset[str]
    raised: frozenset[str]


class Route(Struct, frozen=True):
    """An operation: the use cases that it calls, and the codes that it declares."""

    path: str
    line: int
    use_cases: frozenset[str]
    codes: frozenset[str]


class Undeclared(Struct, frozen=True):
    """An error that is raised and not declared: ``kind`` says what lacks it, ``item`` is what to add there."""

    kind: str
    path: str
    line: int
    item: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.item} is not in {WHAT[self.kind]}"


WHAT = {
    "manifest": "the errors of the manifest",
    "docstring": "the docstring, as `:raises`",
    "operation": "the errors of the operation",
}


class Sources:
    """The errors, use cases, manifests and operations of a tree."""

    def __init__(self, root: Path = ROOT) -> None:
        """:param root: of the tree whose sources are read, not run."""
        trees = {
            path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
            for folder in ("src/core", "src/entrypoints/http")
            for path in sorted((root / folder).rglob("*.py"))
        }
        self.errors = {error.name: error for path, tree in trees.items() for error in _errors(path, tree)}
        self.use_cases = {case.name: case for path, tree in trees.items() for case in _use_cases(path, tree)}
        self.routes = [route for path, tree in trees.items() for route in _routes(path, tree)]
        self.manifests = {path: _listed(tree) for path, tree in trees.items() if path.endswith("/module.py")}

    def undeclared(self) -> list[Undeclared]:
        """Every error that something raises, and that is not declared where readers look."""
        return [*self._in_manifests(), *self._in_docstrings(), *self._in_operations()]

    def _in_manifests(self) -> Iterator[Undeclared]:
        for path, names in self.manifests.items():
            for error in self.errors.values():
                if error.path.startswith(f"{path.removesuffix('module.py')}") and error.name not in names:
                    yield Undeclared("manifest", path, 1, error.name)

    def _in_docstrings(self) -> Iterator[Undeclared]:
        for case in self.use_cases.values():
            for name in sorted((case.raised & self.errors.keys()) - case.declared):
                yield Undeclared("docstring", case.path, case.line, name)

    def _in_operations(self) -> Iterator[Undeclared]:
        for route in self.routes:
            called = [self.use_cases[name] for name in route.use_cases & self.use_cases.keys()]
            declared = {self.errors[name].code for case in called for name in case.declared & self.errors.keys()}
            for code in sorted(code for code in declared - route.codes if not code.startswith(KERNEL)):
                yield Undeclared("operation", route.path, route.line, code)


def name_of(node: ast.AST | None) -> str:
    """The last part of a name, of what is called, or of what is subscripted."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    if isinstance(node, ast.Subscript):
        return name_of(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def argument(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a named argument of a call."""
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def operations(tree: ast.Module) -> Iterator[ast.Call]:
    """Every operation that a file describes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node) == "Operation" and argument(node, "acts_on") is not None:
            yield node


def _errors(path: str, tree: ast.Module) -> Iterator[ErrorClass]:
    for cls in tree.body:
        if isinstance(cls, ast.ClassDef):
            for node in cls.body:
                code = _code(node)
                if code:
                    yield ErrorClass(cls.name, code, code.partition(".")[0], path)


def _code(node: ast.stmt) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    value = getattr(node, "value", None)
    said = value.value if name_of(target) == "code" and isinstance(value, ast.Constant) else None
    return said if isinstance(said, str) else ""


def _use_cases(path: str, tree: ast.Module) -> Iterator[UseCase]:
    if "/usecases/" not in path:
        return
    alone = {node.name: node for node in tree.body if isinstance(node, Function)}
    for cls in tree.body:
        own = {node.name: node for node in getattr(cls, "body", []) if isinstance(node, Function)}
        for method in own.values() if "__call__" in own else ():
            if method.name == "__call__" or not method.name.startswith("_"):
                declared = frozenset(DECLARED.findall(ast.get_docstring(method) or ""))
                raised = frozenset(_raised(method, {**alone, **own}))
                yield UseCase(f"{getattr(cls, 'name', '')}.{method.name}", path, method.lineno, declared, raised)


def _raised(function: Function, known: Mapping[str, Function]) -> set[str]:
    """What a function raises, with the functions of its file that it names, but what it catches itself."""
    found, seen, waiting = set[str](), set[str](), [function]
    while waiting:
        one = waiting.pop()
        caught = {name for node in ast.walk(one) if isinstance(node, ast.ExceptHandler) for name in _caught(node)}
        found |= {name_of(node.exc) for node in ast.walk(one) if isinstance(node, ast.Raise)} - caught
        named = {name_of(node) for node in ast.walk(one) if isinstance(node, ast.Name | ast.Attribute)}
        waiting += [known[name] for name in sorted(named & known.keys() - seen)]
        seen |= named
    return found


def _caught(handler: ast.ExceptHandler) -> list[str]:
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [name_of(each) for each in types]


def _routes(path: str, tree: ast.Module) -> Iterator[Route]:
    constants = {name_of(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    acts = {node.name: node for node in tree.body if isinstance(node, Function)}
    for call in operations(tree):
        codes = frozenset(_codes(argument(call, "errors"), constants))
        on, act = name_of(argument(call, "acts_on")), acts.get(name_of(argument(call, "act")))
        methods = _called(act) if act is not None else {"__call__"}
        yield Route(path, call.lineno, frozenset(f"{on}.{method}" for method in methods), codes)


def _called(act: Function) -> set[str]:
    """The methods that a function calls of its first parameter."""
    first = act.args.args[0].arg
    calls = [node.func for node in ast.walk(act) if isinstance(node, ast.Call)]
    methods = {func.attr for func in calls if isinstance(func, ast.Attribute) and name_of(func.value) == first}
    return methods | ({"__call__"} if any(isinstance(func, ast.Name) and func.id == first for func in calls) else set())


def _codes(node: ast.expr | None, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    if isinstance(node, ast.Tuple):
        for each in node.elts:
            yield from _codes(each, constants)
    elif isinstance(node, ast.Starred):
        yield from _codes(node.value, constants)
    elif isinstance(node, ast.Name):
        yield from _codes(constants.get(node.id), constants)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _listed(tree: ast.Module) -> frozenset[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) == "Module"]
    listed = [argument(call, "errors") for call in calls]
    return frozenset(name_of(item) for value in listed if isinstance(value, ast.Tuple) for item in value.elts)
