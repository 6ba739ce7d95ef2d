"""Identifiers that are the same in every run."""

from random import Random
from uuid import UUID

from core.kernel.ids import Ids

FIRST_MS = 1_767_225_600_000


class SeededIds(Ids):
    """UUIDv7 by RFC 9562 §5.7, one per millisecond from 2026-01-01 on, with bits drawn from a seed."""

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(seed)  # noqa: S311 - it must repeat
        self._ms = FIRST_MS

    def new(self) -> UUID:
        """The next identifier of the seed's row."""
        self._ms += 1
        bits = self._random.getrandbits(74)
        return UUID(int=self._ms << 80 | 7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1)
