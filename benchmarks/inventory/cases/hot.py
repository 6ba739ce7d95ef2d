"""G10: four consumers at once on stocks that all of them change."""

import msgspec

from benchmarks.cases import Bench, Case, column
from benchmarks.inventory import hot
from benchmarks.servers import Servers

ABOUT = """Four consumers, each with a group, a topic and connections of its own, are dealt messages in turn, so that
all of them change every stock, eight of them or 20 000.
"""


class Size(msgspec.Struct, frozen=True):
    """Events of one round."""

    rounds: int
    events: int


def measure(bench: Bench[Servers], size: Size) -> None:
    """Consume on eight stocks and on all."""
    loads = {name: hot.load_of(name, size.events) for name in (hot.HOT, hot.SPREAD)}
    found = bench.rounds("hot stocks", list(loads), size.rounds, lambda name: hot.run(bench.servers, loads[name]))
    few, many = (column(figures, "rate") for figures in found.values())
    bench.at_least("G10 four consumers on 8 hot stocks / on 20,000", few, many, 1)
    deadlocks = sum(each.deadlocks for figures in found.values() for each in figures)
    bench.at_most("G10 deadlocks of four consumers", deadlocks, 0)


CASE = Case(
    "hot stocks",
    {"tiny": Size(1, 2000), "smoke": Size(1, 8000), "quick": Size(5, 40_000), "full": Size(7, 100_000)},
    measure,
    ABOUT,
)
