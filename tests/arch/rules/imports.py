"""What may be imported from where, as far as import-linter cannot tell."""

import ast
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

from entrypoints.cli.sources import Import, Source, functions, imports, last_name, modules, sources

LAZY = "src/entrypoints/cli/lazy_group.py"
LATE = "src/adapters/storage/late.py"
LATE_HOMES = {"PIL": "src/adapters/storage/", "obstore": "src/adapters/storage/"}
OUTSIDE_WORLD = frozenset(
    {
        "asyncio",
        "ctypes",
        "ftplib",
        "http",
        "io",
        "logging",
        "mmap",
        "multiprocessing",
        "os",
        "pathlib",
        "select",
        "selectors",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "socketserver",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib",
        "webbrowser",
    }
)
DYNAMIC = frozenset(
    {"__import__", "import_module", "exec", "eval", "spec_from_file_location", "run_path", "run_module"}
)
ROOTS = ("core", "adapters", "entrypoints")


def core_imports(root: Path) -> list[str]:
    """Core imports itself, msgspec and the part of the standard library that does no input or output."""
    allowed = (sys.stdlib_module_names - OUTSIDE_WORLD) | {"core", "msgspec"}
    return [
        source.at(item.node, f"core may not import {item.module}")
        for source in sources(root, "src/core")
        for item in imports(source.tree)
        if item.module.split(".")[0] not in allowed
    ]


def absolute_imports(root: Path) -> list[str]:
    """A name is imported from one place in one way: no relative imports, no stars."""
    return [
        source.at(item.node, "import by full name, without a star")
        for source in sources(root)
        for item in imports(source.tree)
        if item.module.startswith(".") or item.name == "*"
    ]


def dynamic_imports(root: Path) -> list[str]:
    """Nothing is imported by a name made at run time."""
    return [
        source.at(node, f"{last_name(node.func)} hides an import")
        for source in sources(root)
        if source.path not in {LAZY, LATE}
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and last_name(node.func) in DYNAMIC and _is_bare_or_importing(node.func)
    ]


def _is_bare_or_importing(func: ast.expr) -> bool:
    """Methods such as `redis.eval` are no imports, `importlib.import_module` and plain names are."""
    return not (isinstance(func, ast.Attribute) and func.attr in {"exec", "eval"})


def late_imports(root: Path) -> list[str]:
    """A library that is loaded late is named by a literal, in its home."""
    found = []
    for source in sources(root):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and last_name(node.func) == "Late":
                (named,) = node.args
                name = str(named.value) if isinstance(named, ast.Constant) else "a name made at run time"
                if not source.path.startswith(LATE_HOMES.get(name.split(".")[0], "nowhere")):
                    found.append(source.at(node, f"{name} may not be loaded late here"))
    return found


def hidden_imports(root: Path) -> list[str]:
    """No TYPE_CHECKING and no import inside a function: both hide circles."""
    found = []
    for source in sources(root):
        if source.path == LAZY:
            continue
        found += [
            source.at(i.node, "TYPE_CHECKING hides circles") for i in imports(source.tree) if i.name == "TYPE_CHECKING"
        ]
        inner = {id(item.node): item for function in functions(source.tree) for item in imports(function)}
        found += [source.at(item.node, "an import inside a function hides circles") for item in inner.values()]
    return found


def empty_packages(root: Path) -> list[str]:
    """The `__init__.py` of a package imports nothing of ours, so that importing one part loads no other."""
    return [
        source.at(item.node, f"the __init__ of a package imports {item.module}")
        for source in sources(root)
        if source.is_package
        for item in imports(source.tree)
        if item.module.split(".")[0] not in sys.stdlib_module_names
    ]


def settings_are_leaves(root: Path) -> list[str]:
    """Settings Structs import msgspec, the standard library and the kernel; only the shared one gathers the others."""
    allowed = sys.stdlib_module_names | {"msgspec"}
    return [
        source.at(item.node, f"settings may not import {item.module}")
        for source in sources(root)
        if source.path.endswith("/settings.py") and source.path != "src/entrypoints/shared/settings.py"
        for item in imports(source.tree)
        if item.module.split(".")[0] not in allowed and not item.module.startswith("core.kernel.")
    ]


def homes(root: Path) -> list[str]:
    """A package from outside that `src` imports, but msgspec, has a home in importlinter.ini."""
    config = ConfigParser()
    config.read(root / "importlinter.ini", encoding="utf-8")
    sections = [config[name] for name in config.sections() if name.startswith("importlinter:contract:home-")]
    housed = {word for section in sections for word in section["protected_modules"].split()}
    known = sys.stdlib_module_names | {*ROOTS, "msgspec"} | housed
    return [
        source.at(item.node, f"{item.module} has no home in importlinter.ini")
        for source in sources(root)
        for item in imports(source.tree)
        if item.module.split(".")[0] not in known
    ]


def declared_uses(root: Path) -> list[str]:
    """`uses` of a manifest names exactly the modules that the module imports."""
    found = []
    for name in modules(root):
        own = sources(root, f"src/core/{name}")
        imported = {
            item.module.split(".")[1] for s in own for item in imports(s.tree) if item.module.startswith("core.")
        }
        declared = {word for s in own if s.module == f"core.{name}.module" for word in _uses(s)}
        if declared != imported - {name, "kernel"}:
            used = sorted(imported - {name, "kernel"})
            found.append(f"src/core/{name}/module.py:1: uses={sorted(declared)} but imports {used}")
    return found


def _uses(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.keyword) and node.arg == "uses":
            yield from ast.literal_eval(node.value)


def circles(root: Path) -> list[str]:
    """No file imports itself by any way round."""
    known = {source.module: source for source in sources(root)}
    graph = {name: {_target(item, known) for item in imports(s.tree)} - {name, ""} for name, s in known.items()}
    return [f"{known[name].path}:1: circle {' -> '.join(way)}" for name, way in _ways_back(graph)]


def _target(item: Import, known: dict[str, Source]) -> str:
    inner = f"{item.module}.{item.name}"
    return inner if inner in known else item.module if item.module in known else ""


def _ways_back(graph: dict[str, set[str]]) -> Iterator[tuple[str, list[str]]]:
    """One way back for each file that the removal of all leaves does not remove."""
    left = {name: set(targets) for name, targets in graph.items()}
    while leaves := {name for name, targets in left.items() if not targets}:
        left = {name: targets - leaves for name, targets in left.items() if name not in leaves}
    while left:
        way = [min(left)]
        while (following := min(left[way[-1]])) not in way:
            way.append(following)
        ring = way[way.index(following) :]
        yield ring[0], [*ring, ring[0]]
        left = {name: targets - set(way) for name, targets in left.items() if name not in way}
        while leaves := {name for name, targets in left.items() if not targets}:
            left = {name: targets - leaves for name, targets in left.items() if name not in leaves}


def lists_in_config(root: Path) -> list[str]:
    """The lists of importlinter.ini equal the folders that exist."""
    config = ConfigParser()
    config.read(root / "importlinter.ini", encoding="utf-8")

    def words(contract: str, key: str) -> set[str]:
        text = config[f"importlinter:contract:{contract}"][key]
        return {word.strip(" ()") for line in text.split() for word in line.split("|") if word.strip(" ()|:")}

    processes = {f.parent.name for f in (root / "src/entrypoints").glob("*/__init__.py")}
    roots = {f.parent.name for f in (root / "src").glob("*/__init__.py")}
    pairs = {
        "anatomy containers": (words("anatomy", "containers"), {f"core.{name}" for name in modules(root)}),
        "entrypoints layers": (words("entrypoints", "layers"), processes),
        "root packages": (set(config["importlinter"]["root_packages"].split()), roots),
        "layers": (words("layers", "layers"), roots),
    }
    return [f"importlinter.ini:1: {name} {sorted(a)} are not {sorted(b)}" for name, (a, b) in pairs.items() if a != b]
