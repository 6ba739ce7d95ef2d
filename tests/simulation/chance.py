"""What goes wrong in a run: faults drawn from its seed, each counted, some of them switched off."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping

from adapters.faults.plan import Plan
from adapters.faults.rules import Broken
from core.kernel.errors import Contended, Unavailable
from tests.simulation.loop import SimLoop

ERRORS: Mapping[str, Callable[[str], Exception]] = {
    "fail": lambda point: Unavailable(part=point),
    "contend": lambda point: Contended(part=point),
    "break": Broken,
}


class Chance(Plan):
    """Draws faults until ``healed``; each seed has a subset of them only, so that rare ones are not drowned.

    ``rates`` are probabilities by fault. A fault is a word of the scenario, such as ``crash``, or ``<point>:<act>``.
    """

    def __init__(self, loop: SimLoop, rates: Mapping[str, float], happened: Counter[str]) -> None:
        """:param happened: counts over all runs."""
        self._loop = loop
        self._rates = {name: rate for name, rate in rates.items() if loop.rng.random() < 0.6}
        self._happened = happened
        self.healed = False
        self.trace: list[str] = []

    def happens(self, fault: str) -> bool:
        """Whether a fault happens now."""
        rate = self._rates.get(fault)
        if rate is None or self.healed or self._loop.rng.random() >= rate:
            return False
        self.sometimes(fault)
        return True

    def sometimes(self, name: str) -> None:
        """Count something that must happen in some run, or the runs prove nothing."""
        self._happened[name] += 1
        self.note(name)

    def note(self, what: str) -> None:
        """Add a line to what is shown of the run."""
        self.trace.append(f"{self._loop.time():10.4f}  {what}")

    async def reach(self, point: str) -> None:
        """Pass a point late, or not at all."""
        if self.happens(f"{point}:delay"):
            await asyncio.sleep(self._loop.rng.uniform(0.001, 0.3))
        for act, error in ERRORS.items():
            if self.happens(f"{point}:{act}"):
                raise error(point)

    def times(self, point: str) -> int:
        """Once, or as drawn."""
        if self.happens(f"{point}:drop"):
            return 0
        return 2 if self.happens(f"{point}:double") else 1
