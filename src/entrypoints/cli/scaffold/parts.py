"""New parts of a module that is there: a use case, a fact."""

import ast
from collections.abc import Iterator

from core.kernel.manifest import Module
from entrypoints.cli.scaffold.inserting import importing, listing
from entrypoints.cli.scaffold.names import camel, checked, known
from entrypoints.cli.scaffold.plan import Plan
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.modules import MODULES
from entrypoints.shared.settings import ROOT


def module_of(name: str) -> Module:
    """The manifest of a module.

    :raises FaultError: there is no such module; the nearest is proposed.
    """
    known(name, (module.name for module in MODULES), "module")
    return next(module for module in MODULES if module.name == name)


def plan_use_case(module: Module, name: str, permission: str | None) -> Plan:
    """A use case that leaves its trace in the audit trail.

    :param permission: the constant of what an actor needs; without one the last of the module.
    :raises FaultError: the name is bad or taken, or there is no such permission.
    """
    checked(name, "use case", "drink_up")
    _refuse_taken(camel(name), (use_case.__name__ for use_case in module.use_cases), f"core/{module.name}/usecases")
    constants = list(_constants(module.name))
    needed = constants[-1] if permission is None else known(permission, constants, "permission")
    plan, home = Plan(), f"src/core/{module.name}"
    plan.render("usecase", _values(module, name) | {"PERMISSION": needed, "Work": work_of(module.name)})
    taking = importing(f"from core.{module.name}.usecases.{name} import {camel(name)}")
    plan.edit(f"{home}/module.py", taking, listing("use_cases", camel(name)))
    plan.edit(
        f"tests/module/{module.name}/test_permissions.py",
        taking,
        importing(f"from core.{module.name}.permissions import {needed}"),
        listing("CALLS", f"({camel(name)}, {needed}, lambda run, actor: run(actor))"),
    )
    return plan


def plan_fact(module: Module, name: str) -> Plan:
    """A fact with its schema and a sample of it.

    :raises FaultError: the name is bad or taken.
    """
    checked(name, "fact", "glass_emptied")
    _refuse_taken(f"{module.name}.{name}", (fact.name for fact in module.facts), f"core/{module.name}/events.py")
    plan, home, values = Plan(), f"src/core/{module.name}", _values(module, name)
    plan.render("event", values)
    if not (ROOT / home / "events.py").exists():
        plan.add(f"{home}/events.py", "events.py", values)
    plan.edit(
        f"{home}/events.py",
        importing("from typing import ClassVar"),
        importing("from uuid import UUID"),
        importing("from core.kernel.facts import Fact"),
    )
    plan.add(f"{home}/events.py", "fact.py", values)
    taking = importing(f"from core.{module.name}.events import {camel(name)}")
    plan.edit(f"{home}/module.py", taking, listing("facts", camel(name)))
    return plan


def _values(module: Module, name: str) -> dict[str, str]:
    phrase = name.replace("_", " ").capitalize()
    words = module.name.replace("_", " ")
    return {"module": module.name, "words": words, "name": name, "Name": camel(name), "Phrase": phrase}


def _refuse_taken(name: str, names: Iterator[str], where: str) -> None:
    if name in names:
        raise FaultError([Fault(f"there is {name} already", where, "choose another name")], Exit.USAGE)


def _constants(module: str) -> Iterator[str]:
    """Names of the permissions of a module, as its code calls them."""
    tree = ast.parse((ROOT / "src/core" / module / "permissions.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id != "ALL":
            yield node.targets[0].id


def work_of(module: str) -> str:
    """The name of the unit of work of a module.

    :raises FaultError: it has none.
    """
    where = f"src/core/{module}/ports.py"
    for node in ast.parse((ROOT / where).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name.endswith("Work"):
            return node.name
    fix = "write a Protocol that inherits Work, and its adapters; or write a use case that only reads by hand"
    raise FaultError([Fault(f"{module} has no unit of work", where, fix)])
