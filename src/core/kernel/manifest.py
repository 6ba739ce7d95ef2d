"""What a module says of itself; wiring, checks and the list of modules are made from it."""

import msgspec

from core.kernel.errors import SotyError
from core.kernel.facts import Fact


class Module(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest of a module: one constant ``MODULE`` in its ``module.py``."""

    name: str
    summary: str
    uses: tuple[str, ...] = ()
    use_cases: tuple[type, ...] = ()
    facts: tuple[type[Fact], ...] = ()
    errors: tuple[type[SotyError], ...] = ()
    permissions: tuple[str, ...] = ()
