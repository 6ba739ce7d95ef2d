"""What modules say of themselves, as people and machines are shown it."""

import msgspec

from core.kernel.manifest import Module
from entrypoints.shared.modules import MODULES


class ReactionView(msgspec.Struct, frozen=True):
    """A use case that is told of facts, by the name under which it is."""

    name: str
    use_case: str
    facts: list[str]


class SweepView(msgspec.Struct, frozen=True):
    """A use case that is called every so many seconds."""

    use_case: str
    seconds: float


class ModuleView(msgspec.Struct, frozen=True):
    """What a module says of itself."""

    name: str
    summary: str
    uses: list[str]
    use_cases: list[str]
    facts: list[str]
    reactions: list[ReactionView]
    sweeps: list[SweepView]
    errors: list[str]
    permissions: list[str]


def view_of(module: Module) -> ModuleView:
    """A manifest with names in place of classes."""
    return ModuleView(
        name=module.name,
        summary=module.summary,
        uses=list(module.uses),
        use_cases=[use_case.__name__ for use_case in module.use_cases],
        facts=[f"{fact.name} v{fact.version}" for fact in module.facts],
        reactions=[
            ReactionView(each.name, each.use_case.__name__, [f"{fact.name} v{fact.version}" for fact in each.facts])
            for each in module.reactions
        ],
        sweeps=[SweepView(each.use_case.__name__, each.seconds) for each in module.sweeps],
        errors=[error.code for error in module.errors],
        permissions=list(module.permissions),
    )


VIEWS = [view_of(module) for module in MODULES]
