"""A new module: a small slice through every layer, and its places in the lists of the house."""

from collections.abc import Iterable

from core.kernel.facts import Fact
from entrypoints.cli.scaffold.inserting import before, giving, importing, listing
from entrypoints.cli.scaffold.names import camel, checked, known
from entrypoints.cli.scaffold.parts import module_of, work_of
from entrypoints.cli.scaffold.plan import Plan
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.modules import MODULES
from entrypoints.shared.texts import DETAIL, TITLE

REFUSALS = {
    "en": ("No such entry", "There is no entry {entry_id}."),
    "ru": ("Записи нет", "Нет записи {entry_id}."),
}


def plan_module(name: str, uses: Iterable[str] = ()) -> Plan:
    """Everything that a new module needs.

    :param uses: modules whose last public fact it is to note down, or names of facts.
    :raises FaultError: the name is bad, a module has it, or there is no such fact to use.
    """
    checked(name, "module", "water")
    if name in {module.name for module in MODULES}:
        raise FaultError([Fault(f"there is a module {name!r}", f"src/core/{name}", "choose another name")], Exit.USAGE)
    plan = Plan()
    words = name.replace("_", " ")
    plan.render("module", {"module": name, "Module": camel(name), "words": words, "path": name.replace("_", "-")})
    _register(plan, name)
    _store(plan, name)
    for used in uses:
        _react(plan, name, used)
    return plan


def _register(plan: Plan, name: str) -> None:
    plan.edit(
        "src/entrypoints/shared/modules.py",
        importing(f"from core.{name}.module import MODULE as {name.upper()}"),
        listing("MODULES", name.upper()),
    )
    plan.edit("importlinter.ini", before("layers =\n    module", f"    core.{name}\n"))
    plan.edit(
        "src/entrypoints/http/operations.py",
        importing(f"from entrypoints.http import {name}"),
        listing("OPERATIONS", f"*{name}.OPERATIONS"),
    )
    for language, (title, detail) in REFUSALS.items():
        code = f"{name}.entry_not_found"
        plan.texts[language] = {(TITLE, code): title, (DETAIL, code): detail}


def _store(plan: Plan, name: str) -> None:
    view, ports = f"{camel(name)}Entry", f"from core.{name}.ports import {camel(name)}EntryReader, {camel(name)}Work"
    plan.edit(
        "src/adapters/memory/store.py",
        importing(f"from core.{name}.api import {view}"),
        giving(f"{name}_entries: Table[UUID, {view}] = field(default_factory=lambda: Table({view}))", "Tables"),
    )
    for adapter in ("Memory", "Postgres"):
        reader, opening = f"{adapter}{camel(name)}EntryReader", f"Open{adapter}{camel(name)}"
        plan.edit(
            f"src/adapters/{adapter.lower()}/provider.py",
            importing(f"from adapters.{adapter.lower()}.{name} import {opening}, {reader}"),
            importing(ports),
            giving(f"{name}_entries = provide({reader}, provides={view}Reader)", f"{adapter}Provider"),
            giving(f"{name}_work = provide({opening}, provides=OpenWork[{camel(name)}Work])", f"{adapter}Provider"),
        )


def _react(plan: Plan, name: str, used: str) -> None:
    other = used.partition(".")[0]
    fact = _fact(used)
    what, reaction = fact.name.partition(".")[2], f"Note{fact.__name__}"
    values = {"module": name, "Module": camel(name), "other": other, "Work": work_of(other), "what": what}
    plan.render("use", values | {"fact": fact.name, "version": str(fact.version), "Fact": fact.__name__})
    subscriber = f'Reaction(name="{name}.{what}", facts=({fact.__name__},), use_case={reaction})'
    plan.edit(
        f"src/core/{name}/module.py",
        importing("from core.kernel.manifest import Reaction"),
        importing(f"from core.{other}.events import {fact.__name__}"),
        importing(f"from core.{name}.usecases.note_{what} import {reaction}"),
        listing("use_cases", reaction),
        listing("uses", f'"{other}"'),
        listing("reactions", subscriber),
    )


def _fact(used: str) -> type[Fact]:
    """The fact of a name, or the last public one of a module.

    :raises FaultError: there is none.
    """
    module = module_of(used.partition(".")[0])
    facts = {fact.name: fact for fact in module.facts if not fact.internal}
    if not facts:
        raise FaultError([Fault(f"{used} tells no facts", f"src/core/{used}/module.py", "use another")], Exit.USAGE)
    return facts[known(used, facts, "fact") if "." in used else list(facts)[-1]]
