"""How a run went."""

from typing import Any

import msgspec


class Outcome(msgspec.Struct):
    """What was wished, what was violated, what was done, and numbers; ``missing`` harm makes it invalid."""

    wish: Any
    violations: list[str]
    missing: list[str]
    harm: dict[str, int]
    figures: dict[str, float]
    died: list[str] = []

    @property
    def code(self) -> int:
        """0 when nothing was violated, 1 when something was, 2 when the run proves nothing."""
        return 1 if self.violations else 2 if self.missing else 0
