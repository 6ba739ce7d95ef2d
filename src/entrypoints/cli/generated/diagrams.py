"""Diagrams of modules in Mermaid, which forges draw, and the edges between modules."""

from collections.abc import Iterator
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from core.kernel.manifest import Module
from entrypoints.cli.generated.routes import operations_of
from entrypoints.shared.modules import MODULES

KAFKA = "Kafka"


class Edge(NamedTuple):
    """One module uses another, or tells it facts; so many of them where it tells."""

    source: str
    target: str
    facts: int = 0

    def __str__(self) -> str:
        did = f"tells {_facts(self.facts)} to" if self.facts else "uses"
        return f"{self.source} {did} {self.target}"


def edges() -> list[Edge]:
    """What goes on between modules; Kafka hears every fact that is not internal."""
    return [edge for module in MODULES for edge in _edges_of(module)]


def graph() -> str:
    """All modules: solid arrows use, dotted ones tell facts."""
    nodes = [f'  {module.name}{{{{"{module.name}<br>{len(module.use_cases)} use cases"}}}}' for module in MODULES]
    return _drawn([*nodes, f"  {KAFKA}[({KAFKA})]", *map(_arrow, edges())])


def hexagon(module: Module) -> str:
    """One module: what calls it on the left, what it needs and tells on the right."""
    return _drawn([f'  {module.name}{{{{"{module.name}"}}}}', *_callers(module), *_needed(module), *_told(module)])


def ports_of(use_case: type) -> list[type]:
    """What a use case needs: ports, units of work and other use cases."""
    return [_opened(hint) for hint in get_type_hints(use_case).values()]


def parts_of(port: type) -> list[type]:
    """The ports inside a unit of work; of any other port none."""
    return [hint for hint in get_type_hints(port).values() if getattr(hint, "_is_protocol", False)]


def _opened(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) else hint


def _edges_of(module: Module) -> Iterator[Edge]:
    yield from (Edge(module.name, used) for used in module.uses)
    for other in MODULES:
        heard = {fact for reaction in other.reactions for fact in reaction.facts} & set(module.facts)
        if heard:
            yield Edge(module.name, other.name, len(heard))
    if public := [fact for fact in module.facts if not fact.internal]:
        yield Edge(module.name, KAFKA, len(public))


def _callers(module: Module) -> Iterator[str]:
    if count := sum(len(operations_of(use_case)) for use_case in module.use_cases):
        yield f'  http["HTTP"] -- "{count} operations" --> {module.name}'
    for number, sweep in enumerate(module.sweeps):
        yield f'  sweep{number}(["every {sweep.seconds:g} s"]) -- {sweep.use_case.__name__} --> {module.name}'
    for number, reaction in enumerate(module.reactions):
        facts = "<br>".join(fact.name for fact in reaction.facts)
        yield f'  facts{number}(["{facts}"]) -. {reaction.use_case.__name__} .-> {module.name}'


def _needed(module: Module) -> Iterator[str]:
    needed = {port: None for use_case in module.use_cases for port in ports_of(use_case)}
    for port in needed:
        if port not in module.use_cases:
            yield f"  {module.name} --> {port.__name__}"
            yield from (f"  {port.__name__} --> {part.__name__}" for part in parts_of(port))


def _told(module: Module) -> Iterator[str]:
    yield from (_arrow(edge) for edge in _edges_of(module) if edge.target != module.name)


def _arrow(edge: Edge) -> str:
    return f"  {edge.source} " + (f'-. "{_facts(edge.facts)}" .-> ' if edge.facts else "--> ") + edge.target


def _facts(count: int) -> str:
    return f"{count} fact{'s' * (count > 1)}"


def _drawn(lines: list[str]) -> str:
    return "\n".join(["flowchart LR", *lines])
