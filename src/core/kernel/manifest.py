"""What a module says of itself; wiring, checks and the list of modules are made from it."""

import msgspec

from core.kernel.errors import SotyError
from core.kernel.facts import Fact


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """A use case that is called with each ``Delivery`` of some facts; ``name`` is the subscriber's, for ever.

    After its first failure a delivery waits for ``first_wait`` seconds at most, then for twice as long each time.
    """

    name: str
    facts: tuple[type[Fact], ...]
    use_case: type
    first_wait: float = 0.5


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """A use case that the scheduler calls with its actor every ``seconds``; safe in several processes at once."""

    use_case: type
    seconds: float


class Personal(msgspec.Struct, frozen=True, kw_only=True):
    """A use case that reads what the module keeps of the actor, to be taken along under the name ``part``.

    It is called with the actor alone, and what it gives is encoded as JSON, so that no secret or hash may be in it.
    With ``pages`` it takes ``limit`` and ``cursor`` too, and gives one ``Page`` after the other.
    """

    part: str
    use_case: type
    pages: bool = False


class Module(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest of a module: one constant ``MODULE`` in its ``module.py``."""

    name: str
    summary: str
    uses: tuple[str, ...] = ()
    use_cases: tuple[type, ...] = ()
    facts: tuple[type[Fact], ...] = ()
    errors: tuple[type[SotyError], ...] = ()
    permissions: tuple[str, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    personal: tuple[Personal, ...] = ()
