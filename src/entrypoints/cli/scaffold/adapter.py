"""An adapter that is still to be written, and the suites of its port bound to it."""

import ast
from collections.abc import Iterable, Iterator
from copy import copy
from textwrap import indent, shorten

from msgspec import Struct

from entrypoints.cli.port_bindings import HeldPort, Port, Suite, held_ports
from entrypoints.cli.scaffold.names import camel, checked, known, snake
from entrypoints.cli.scaffold.plan import Plan
from entrypoints.cli.sources import Function, Source, base_names, classes, decorators, imports, methods, sources
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings import ROOT

LONGEST_MESSAGE = 90
FIXTURE = "    @pytest.fixture\n    def {name}(self) -> {kind}:\n        {body}"


class Skeleton(Struct, frozen=True):
    """The class that is to be written, and where."""

    technology: str
    held: HeldPort

    @property
    def port(self) -> Port:
        """What it is to fulfil."""
        return self.held.port

    @property
    def name(self) -> str:
        """Of the class."""
        return f"{camel(self.technology)}{self.port.name}"

    @property
    def module(self) -> str:
        """Of the class."""
        return f"adapters.{self.technology}.{snake(self.port.name)}"


def plan_adapter(technology: str, port: str) -> Plan:
    """A class whose methods say which promise they owe, and a test class for every suite of the port.

    :raises FaultError: the name is bad, there is no such port, or the adapter fulfils it already.
    """
    checked(technology, "technology", "sqlite")
    held = {each.port.name: each for each in held_ports(ROOT)}
    made = Skeleton(technology, held[known(port, held, "port")])
    _refuse(made)
    words = {"words": technology.replace("_", " "), "Port": port, "Class": made.name}
    plan, package = Plan(), f"src/adapters/{technology}/__init__.py"
    if not (ROOT / package).exists():
        plan.add(package, "adapter_package.py", words)
    owed = "\n\n".join(_owed(made, method) for method in methods(made.port.cls))
    named = {node.id for method in methods(made.port.cls) for node in ast.walk(method) if isinstance(node, ast.Name)}
    lines = "\n".join(_imports(made.port.source, named | {port}))
    plan.add(f"src/{made.module.replace('.', '/')}.py", "adapter.py", words | {"imports": lines, "methods": owed})
    bound = [_bound(made, suite) for suite in _suites(made)]
    lines = "\n".join(sorted({line for needed, _ in bound for line in needed}))
    tests = "\n\n\n".join(text for _, text in bound)
    plan.add(
        f"tests/contract/{technology}/test_{snake(port)}.py", "binding.py", words | {"imports": lines, "tests": tests}
    )
    return plan


def _refuse(made: Skeleton) -> None:
    there = [each for each in made.held.adapters if each.adapter == made.technology]
    if there:
        fault = Fault(f"{made.technology} has {made.port.name} already", there[0].source.path, "choose another name")
        raise FaultError([fault], Exit.USAGE)
    if any(isinstance(base, ast.Subscript) for base in made.port.cls.bases):
        fix = "inherit adapters.memory.drafts.OpenDraft or adapters.postgres.transactions.OpenTransaction"
        raise FaultError(
            [Fault(f"{made.port.name} is written for each module", made.port.source.path, fix)], Exit.USAGE
        )


def _owed(made: Skeleton, method: Function) -> str:
    """A method that says what it does not keep yet."""
    promise = " ".join((ast.get_docstring(method) or "see the port").split("\n\n", maxsplit=1)[0].split())
    told = shorten(f"{made.name}.{method.name} is not written: {promise}", LONGEST_MESSAGE, placeholder=" …")
    head = copy(method)
    head.body = [ast.Expr(ast.Constant(...))]
    head.decorator_list = [item for item in method.decorator_list if "abstractmethod" not in ast.unparse(item)]
    return indent(f"{ast.unparse(head).removesuffix('...').rstrip()}\n    raise NotImplementedError({told!r})", "    ")


def _imports(source: Source, names: Iterable[str]) -> Iterator[str]:
    """Lines that import names as a file knows them: from where it has them, or from the file."""
    origins = {item.name or item.module: item for item in imports(source.tree)}
    own = {node.name for node in source.tree.body if isinstance(node, ast.ClassDef)} | _aliases(source)
    for name in sorted(names):
        if name in own:
            yield f"from {source.module} import {name}"
        elif name in origins and name != "abstractmethod":
            item = origins[name]
            yield f"from {item.module} import {name}" if item.name else f"import {name}"


def _aliases(source: Source) -> set[str]:
    targets = (node.targets[0] for node in source.tree.body if isinstance(node, ast.Assign))
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _suites(made: Skeleton) -> list[Suite]:
    """Suites that ask for the port itself, or else all that speak of it."""
    asking = [suite for suite in made.held.suites if _asked_for(suite, made.port.name)]
    return asking or made.held.suites


def _asked_for(suite: Suite, kind: str) -> list[str]:
    """Names of the fixtures that are to be of a type."""
    return [
        each.name for each in _fixtures(suite.cls) if each.returns is not None and ast.unparse(each.returns) == kind
    ]


def _fixtures(cls: ast.ClassDef) -> list[Function]:
    return [method for method in methods(cls) if "fixture" in decorators(method)]


def _bound(made: Skeleton, suite: Suite) -> tuple[list[str], str]:
    """Imports and text of the test class of one suite.

    Where the suite asks for the port alone, everything else is in memory; otherwise it is for the writer to say.
    """
    asked = _asked_for(suite, made.port.name)
    model = _model(suite) if asked else None
    given = {method.name for method in _fixtures(model[1])} if model else set()
    lines = [f"from {suite.source.module} import {suite.cls.name}"]
    if asked:
        lines += [f"from {made.module} import {made.name}", *_imports(made.port.source, [made.port.name])]
    if model:
        lines.append(f"from {model[0].module} import {model[1].name}")
    fixtures = [FIXTURE.format(name=name, kind=made.port.name, body=f"return {made.name}()") for name in asked]
    fixtures += [_unsaid(made, suite, name) for name in _abstract(suite) if name not in {*asked, *given}]
    bases = ", ".join([*([model[1].name] if model else []), suite.cls.name])
    name = suite.cls.name.removesuffix("Suite").removesuffix("Contract")
    head = f'class Test{name}({bases}):\n    """{ast.get_docstring(suite.cls)}"""'
    return lines, "\n\n".join([head, *fixtures])


def _unsaid(made: Skeleton, suite: Suite, name: str) -> str:
    like = next((source.path for source, cls in _binders() if suite.cls.name in base_names(cls)), suite.source.path)
    told = f"say how the suite gets {name} with {made.name}, as {like} does"
    return FIXTURE.format(name=name, kind="object", body=f"raise NotImplementedError({told!r})")


def _abstract(suite: Suite) -> Iterator[str]:
    """Fixtures of a suite and of what it inherits that each adapter has to give."""
    known_classes = {cls.name: cls for source in sources(ROOT, "contracts/ports") for cls in classes(source)}
    waiting = [suite.cls]
    while waiting:
        cls = waiting.pop()
        yield from (each.name for each in _fixtures(cls) if isinstance(each.body[-1], ast.Raise))
        waiting += [known_classes[name] for name in base_names(cls) if name in known_classes]


def _binders() -> list[tuple[Source, ast.ClassDef]]:
    """Classes that bind suites, those of the memory adapter first."""
    found = sources(ROOT, "tests/contract/memory", "tests/contract", "tests/integration")
    return [(source, cls) for source in found for cls in classes(source)]


def _model(suite: Suite) -> tuple[Source, ast.ClassDef] | None:
    """What the memory adapter binds the suite with, where that is a class of its own."""
    for source, cls in _binders():
        beside = {other.name: other for other in classes(source)}
        names = base_names(cls)
        if "/memory/" in source.path and suite.cls.name in names and names[0] in beside and not _fixtures(cls):
            return source, beside[names[0]]
    return None
