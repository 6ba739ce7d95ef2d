"""Names, use cases and words."""

import ast
import re
from pathlib import Path

from entrypoints.cli.sources import (
    Function,
    Source,
    base_names,
    classes,
    decorators,
    docstring,
    imports,
    last_name,
    methods,
    modules,
    sources,
)

WEAK = re.compile(
    r"(Service|Manager|Impl|Helper|Utils?|Common|Base)(?=[A-Z]|$)|^(utils?|common|base|helpers?|misc|manager|impl)$|_(utils?|helpers?|impl|manager)$"
)
FIRST = (("actor", "Actor"), ("delivery", "Delivery"))
MAX_PORTS = 6


def weak_names(root: Path) -> list[str]:
    """No name that tells only that something is there."""
    found = []
    for source in sources(root):
        stem = source.module.rpartition(".")[2]
        found += [f"{source.path}:1: the file name {stem} says nothing"] if WEAK.search(stem) else []
        defined = [node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef | Function)]
        found += [source.at(node, f"the name {node.name} says nothing") for node in defined if WEAK.search(node.name)]
    return found


def use_cases(root: Path) -> list[str]:
    """A use case is a frozen slotted dataclass of at most six ports; every public method takes the actor first.

    One that reacts to facts takes the delivery first.
    """
    found = []
    for source, cls in _use_cases(root):
        if not _is_frozen_and_slotted(cls):
            found.append(source.at(cls, f"{cls.name} is not @dataclass(frozen=True, slots=True)"))
        ports = [node for node in cls.body if isinstance(node, ast.AnnAssign)]
        if len(ports) > MAX_PORTS:
            found.append(source.at(cls, f"{cls.name} needs {len(ports)} ports, {MAX_PORTS} are allowed"))
        for method in methods(cls):
            if method.name == "__call__" or not method.name.startswith("_"):
                found += _faults_of(source, cls, method)
    return found


def _faults_of(source: Source, cls: ast.ClassDef, method: Function) -> list[str]:
    name = f"{cls.name}.{method.name}"
    found = []
    if not isinstance(method, ast.AsyncFunctionDef):
        found.append(source.at(method, f"{name} is not async"))
    arguments = method.args.args[1:2]
    first = (arguments[0].arg, _annotation(arguments[0])) if arguments else ()
    if first not in FIRST:
        found.append(source.at(method, f"{name} does not take `actor: Actor` first"))
    return found


def _annotation(argument: ast.arg) -> str:
    return last_name(argument.annotation) if argument.annotation else ""


def _is_frozen_and_slotted(cls: ast.ClassDef) -> bool:
    for item in cls.decorator_list:
        if isinstance(item, ast.Call) and last_name(item) == "dataclass":
            return {"frozen", "slots"} <= {word.arg for word in item.keywords if ast.unparse(word.value) == "True"}
    return False


def _use_cases(root: Path) -> list[tuple[Source, ast.ClassDef]]:
    return [
        (source, cls)
        for source in sources(root, "src/core")
        if ".usecases." in source.module
        for cls in classes(source)
        if "__call__" in {method.name for method in methods(cls)}
    ]


def manifests_are_complete(root: Path) -> list[str]:
    """A manifest lists exactly the use cases, facts and errors that the module defines."""
    found = []
    for name in modules(root):
        own = sources(root, f"src/core/{name}")
        manifest = next((source for source in own if source.module == f"core.{name}.module"), None)
        if manifest is None:
            found.append(f"src/core/{name}/module.py:1: the manifest is missing")
            continue
        wanted = {
            "use_cases": {cls.name for source, cls in _use_cases(root) if source.module.startswith(f"core.{name}.")},
            "facts": {
                cls.name
                for s in own
                if s.module == f"core.{name}.events"
                for cls in classes(s)
                if "Fact" in base_names(cls)
            },
            "errors": {cls.name for s in own for cls in classes(s) if _code(cls) is not None},
        }
        for key, names in wanted.items():
            listed = _listed(manifest, key)
            if listed != names:
                found.append(f"{manifest.path}:1: {key} differ from what is defined: {sorted(listed ^ names)}")
    return found


def _listed(manifest: Source, key: str) -> set[str]:
    return {
        last_name(item)
        for call in ast.walk(manifest.tree)
        if isinstance(call, ast.Call) and last_name(call) == "Module"
        for word in call.keywords
        if word.arg == key and isinstance(word.value, ast.Tuple)
        for item in word.value.elts
    }


def _code(cls: ast.ClassDef) -> str | None:
    """The error code that a class sets."""
    for node in cls.body:
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        if isinstance(target, ast.Name) and target.id == "code" and isinstance(node, ast.Assign | ast.AnnAssign):
            return (
                node.value.value if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else None
            )
    return None


def error_codes(root: Path) -> list[str]:
    """An error code begins with the package that owns it and is used once."""
    found, seen = [], dict[str, str]()
    for source in sources(root):
        for cls in classes(source):
            code = _code(cls)
            if code is None:
                continue
            owner = source.module.split(".")[1]
            if code.partition(".")[0] != owner:
                found.append(source.at(cls, f"the code {code} does not begin with {owner}"))
            if code in seen:
                found.append(source.at(cls, f"the code {code} belongs to {seen[code]}"))
            seen[code] = cls.name
    return found


def raised_errors(root: Path) -> list[str]:
    """Core and adapters raise errors of the core, of their own package or of the language, never those of a driver."""
    found = []
    for source in sources(root, "src/core", "src/adapters"):
        package = ".".join(source.module.split(".")[:2])
        origins = {item.name or item.module.split(".")[0]: item.module for item in imports(source.tree)}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Raise) and node.exc:
                origin = f"{origins.get(ast.unparse(node.exc).split('(')[0].split('.')[0], 'core')}."
                if not origin.startswith(("core.", f"{package}.")):
                    found.append(source.at(node, f"an error of {origin.rstrip('.')} is raised"))
    return found


def docstrings(root: Path) -> list[str]:
    """Public files, classes and functions say what they are; a method that fulfils a port may leave it to the port."""
    found = []
    for source in sources(root):
        if source.tree.body and docstring(source.tree) is None:
            found.append(f"{source.path}:1: the file has no docstring")
        found += [
            source.at(node, f"{node.name} has no docstring")
            for node in source.tree.body
            if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_") and docstring(node) is None
        ]
        for cls in classes(source):
            if not cls.name.startswith("_") and (not cls.bases or source.module.startswith("core.")):
                found += [source.at(m, f"{cls.name}.{m.name} has no docstring") for m in methods(cls) if _is_silent(m)]
    return found


def _is_silent(method: Function) -> bool:
    return (
        not method.name.startswith("_")
        and docstring(method) is None
        and not decorators(method) & {"setter", "override"}
    )


def unfinished(root: Path) -> list[str]:
    """No promises to do it later."""
    later = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
    return [
        f"{source.path}:{number}: finish it or file it"
        for source in sources(root)
        for number, line in enumerate(source.text.splitlines(), 1)
        if later.search(line)
    ]


def clock_only(root: Path) -> list[str]:
    """In core and adapters time and ids come from their ports, whose home is adapters/system."""
    made = {"utcnow", "today", "uuid1", "uuid4", "uuid7"}
    return [
        source.at(node, f"{ast.unparse(node.func)} goes around Clock or Ids")
        for source in sources(root, "src/core", "src/adapters")
        if not source.path.startswith(("src/adapters/system/", "src/adapters/embedded/"))
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and (last_name(node.func) in made or ast.unparse(node.func) in {"datetime.now", "time.time"})
    ]
