"""A listener that keeps what it hears."""

from collections.abc import Iterable, Sequence

from core.kernel.facts import Fact
from core.kernel.work import FactListener


class MemoryListener(FactListener):
    """Keeps facts in the order of their commits in ``heard``."""

    def __init__(self, wanted: Iterable[type[Fact]]) -> None:
        self.wanted = frozenset(wanted)
        self.heard: list[Fact] = []

    def hear(self, facts: Sequence[Fact]) -> None:
        """Keep the facts of one commit."""
        self.heard += facts
