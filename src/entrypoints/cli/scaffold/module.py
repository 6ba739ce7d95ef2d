"""A new module: a small slice through every layer, and its places in the lists of the house."""

from entrypoints.cli.scaffold.inserting import before, giving, importing, listing
from entrypoints.cli.scaffold.names import camel, checked
from entrypoints.cli.scaffold.plan import Plan
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.modules import MODULES
from entrypoints.shared.texts import DETAIL, TITLE

REFUSALS = {
    "en": ("No such entry", "There is no entry {entry_id}."),
    "ru": ("Записи нет", "Нет записи {entry_id}."),
}


def plan_module(name: str) -> Plan:
    """Everything that a new module needs.

    :raises FaultError: the name is bad, or a module has it.
    """
    checked(name, "module", "water")
    if name in {module.name for module in MODULES}:
        raise FaultError([Fault(f"there is a module {name!r}", f"src/core/{name}", "choose another name")], Exit.USAGE)
    plan = Plan()
    words = name.replace("_", " ")
    plan.render("module", {"module": name, "Module": camel(name), "words": words, "path": name.replace("_", "-")})
    _register(plan, name)
    _store(plan, name)
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
