"""Ratios of interleaved rounds with an interval."""

import random
import statistics
from collections.abc import Sequence

import msgspec

RESAMPLES = 2000
SEED = 7


class Ratio(msgspec.Struct, frozen=True):
    """The median of the ratios of rounds and its 95 % bootstrap interval."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.low:.2f}, {self.high:.2f}]"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """How many times ours is theirs.

    :param ours: one figure a round.
    :param theirs: of the same rounds.
    """
    pairs = [one / other for one, other in zip(ours, theirs, strict=True)]
    draw = random.Random(SEED)
    medians = sorted(statistics.median(draw.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    return Ratio(statistics.median(pairs), medians[int(RESAMPLES * 0.025)], medians[int(RESAMPLES * 0.975)])
