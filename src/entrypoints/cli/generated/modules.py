"""The pages of modules: one of all, and a canvas of each."""

from collections.abc import Iterable, Iterator

from core.kernel.facts import Fact
from core.kernel.manifest import Module
from entrypoints.cli.generated.asyncapi import message_name
from entrypoints.cli.generated.diagrams import graph, hexagon, parts_of, ports_of
from entrypoints.cli.generated.facts import heard_by
from entrypoints.cli.generated.markdown import code, page, summary, table
from entrypoints.cli.generated.permissions import required_by
from entrypoints.cli.generated.routes import operations_of
from entrypoints.cli.port_bindings import ports
from entrypoints.cli.sources import methods
from entrypoints.shared.modules import MODULES
from entrypoints.shared.settings import ROOT

ABOUT = """Business lives in modules that meet in two ways only: one asks another through its `api` (solid arrow), or
hears its facts (dotted arrow). Each is a folder of `src/core`, and its manifest, `module.py`, is what is drawn here.
`./soty modules` lists them, `./soty modules graph` draws them, and `GET /ops/modules` tells of them over HTTP."""


def reference() -> str:
    """The page of all modules."""
    rows = ([_module(module.name), module.summary, _modules(module.uses)] for module in MODULES)
    return page("Modules", ABOUT, _diagram(graph()), table(["module", "what it owns", "uses"], rows))


def canvas(module: Module) -> str:
    """The page of one module."""
    return page(
        module.name.capitalize(),
        f"{module.summary} It uses {_modules(module.uses) or 'no other module'}.",
        _diagram(hexagon(module)),
        *_use_cases(module),
        *_section("Facts told", ("fact", "what it tells", "heard by"), map(_told, module.facts)),
        *_section("Facts heard", ("reaction", "use case", "facts"), _heard(module)),
        *_section("Sweeps", ("use case", "does", "every"), _sweeps(module)),
        *_section("What people take along", ("part", "use case", "is"), _personal(module)),
        *_section("Permissions", ("permission", "asked by"), _permissions(module)),
        *_section("Errors", ("code", "kind", "when"), _errors(module)),
    )


def _use_cases(module: Module) -> Iterator[str]:
    known = {name for name, port in ports(ROOT).items() if methods(port.cls)}
    rows = ([f"`{each.__name__}`", summary(each), _needs(each, known), _routes(each)] for each in module.use_cases)
    yield from _section("Use cases", ("use case", "does", "needs", "over HTTP"), rows)
    works = dict.fromkeys(port for each in module.use_cases for port in ports_of(each) if parts_of(port))
    for work in works:
        yield f"`{work.__name__}` is a unit of work over {', '.join(_port(part, known) for part in parts_of(work))}."


def _needs(use_case: type, known: set[str]) -> str:
    return ", ".join(_port(port, known) for port in ports_of(use_case))


def _port(port: type, known: set[str]) -> str:
    name = port.__name__
    return f"[`{name}`](../reference/ports.md#{name})" if name in known else f"`{name}`"


def _routes(use_case: type) -> str:
    return code(f"{each.method} {each.path}" for each in operations_of(use_case))


def _told(fact: type[Fact]) -> list[str]:
    return [_fact(fact), summary(fact), code(heard_by(fact))]


def _heard(module: Module) -> Iterator[list[str]]:
    for each in module.reactions:
        yield [f"`{each.name}`", f"`{each.use_case.__name__}`", ", ".join(map(_fact, each.facts))]


def _sweeps(module: Module) -> Iterator[list[str]]:
    for each in module.sweeps:
        yield [f"`{each.use_case.__name__}`", summary(each.use_case), f"{each.seconds:g} s"]


def _personal(module: Module) -> Iterator[list[str]]:
    for each in module.personal:
        yield [f"`{each.part}`", f"`{each.use_case.__name__}`", summary(each.use_case)]


def _permissions(module: Module) -> Iterator[list[str]]:
    for name in module.permissions:
        asked_by = (each.__name__ for each in module.use_cases if name in required_by(each))
        yield [f"[`{name}`](../reference/permissions.md#{name})", code(asked_by)]


def _errors(module: Module) -> Iterator[list[str]]:
    for each in sorted(module.errors, key=lambda error: error.code):
        yield [f"[`{each.code}`](../reference/errors.md#{each.code})", f"`{each.kind}`", summary(each)]


def _section(title: str, heads: tuple[str, ...], rows: Iterable[list[str]]) -> Iterator[str]:
    if drawn := table(heads, rows):
        yield f"## {title}"
        yield drawn


def _fact(fact: type[Fact]) -> str:
    name = message_name(fact)
    return f"[`{name}`](../reference/events.md#{name})"


def _module(name: str) -> str:
    return f"[{name}]({name}.md)"


def _modules(names: Iterable[str]) -> str:
    return ", ".join(map(_module, names))


def _diagram(text: str) -> str:
    return f"```mermaid\n{text}\n```"
