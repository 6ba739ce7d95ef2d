"""Cases: what is measured at a level, beside whom, and which goals it must reach."""

import re
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import click
import msgspec

from benchmarks.goals import Goal, at_least, at_most, ratio_at_most, shown

LEVELS = ("tiny", "smoke", "quick", "full", "soak")
JUDGED = frozenset({"quick", "full", "soak"})

Named = dict[str, list[Any]]
Size = TypeVar("Size")
Place = TypeVar("Place")


class Bench(Generic[Place]):
    """What a case works with: the servers, the level, and where its figures and goals go."""

    def __init__(self, servers: Place, level: str) -> None:
        """:param level: goals of speed are judged only at those with enough rounds."""
        self.servers = servers
        self.judged = level in JUDGED
        self.runs: dict[str, Named] = {}
        self.goals: list[Goal] = []

    def together(self, name: str, rounds: int, run: Callable[[], Mapping[str, Any]]) -> Named:
        """Run so many rounds of all variants at once, and keep the figures under the name.

        :param run: gives the figures of one round by variant.
        """
        found: Named = {}
        self.runs[name] = found
        for number in range(rounds):
            for variant, figures in run().items():
                found.setdefault(variant, []).append(figures)
                click.echo(f"{name}, round {number + 1}: {variant:18} {_line(figures)}")
        return found

    def rounds(self, name: str, variants: Sequence[str], rounds: int, run: Callable[[str], Any]) -> Named:
        """Run every variant once a round, there and back, and keep the figures under the name.

        :param run: gives the figures of one variant.
        :returns: the figures of all rounds by the short names of the variants.
        """
        found: Named = {short(variant): [] for variant in variants}
        self.runs[name] = found
        for number in range(rounds):
            for variant in variants if number % 2 == 0 else reversed(variants):
                figures = run(variant)
                found[short(variant)].append(figures)
                click.echo(f"{name}, round {number + 1}: {short(variant):18} {_line(figures)}")
        return found

    def at_least(
        self, name: str, ours: Sequence[float], theirs: Sequence[float], floor: float, *, by: str = ""
    ) -> None:
        """Add a goal for the ratio of two variants over all rounds, judged at the levels that have enough of them.

        :param by: which figure the ratio is of.
        """
        self.goals.append(at_least(name, ours, theirs, floor, gated=self.judged, by=by))

    def ratio_at_most(self, name: str, ours: Sequence[float], theirs: Sequence[float], ceiling: float) -> None:
        """Add a goal for the ratio of two variants of which less is better."""
        self.goals.append(ratio_at_most(name, ours, theirs, ceiling, gated=self.judged))

    def shown(self, name: str, ours: Sequence[float], theirs: Sequence[float], *, by: str = "") -> None:
        """Show a ratio that nobody promised."""
        self.goals.append(shown(name, ours, theirs, by=by))

    def at_most(self, name: str, figure: float, ceiling: float, unit: str = "", *, gated: bool = True) -> None:
        """Add a goal for one figure.

        :param gated: False where the figure depends on speed and the level has too few rounds.
        """
        self.goals.append(at_most(name, figure, ceiling, unit, gated=gated))


class Measured(msgspec.Struct, frozen=True):
    """What a case found: every figure of every round by run and variant."""

    name: str
    about: str
    goals: list[Goal]
    runs: Mapping[str, Mapping[str, list[dict[str, float | None]]]]


class Case(msgspec.Struct, Generic[Size], frozen=True):
    """One thing that is measured; ``about`` tells the reader of the page how, in Markdown."""

    name: str
    sizes: Mapping[str, Size]
    measure: Callable[[Bench[Any], Size], None]
    about: str = ""

    def run(self, servers: Any, level: str) -> Measured | None:
        """Measure; None where the case has no size for the level."""
        if level not in self.sizes:
            return None
        bench = Bench(servers, level)
        self.measure(bench, self.sizes[level])
        runs = {
            run: {variant: [msgspec.structs.asdict(each) for each in figures] for variant, figures in named.items()}
            for run, named in bench.runs.items()
        }
        return Measured(self.name, self.about, bench.goals, runs)


def column(figures: Iterable[Any], name: str) -> list[float]:
    """One figure of every round."""
    return [getattr(each, name) for each in figures]


def median(figures: Iterable[Any], name: str) -> float:
    """The median of one figure over all rounds."""
    return statistics.median(column(figures, name))


def short(variant: str) -> str:
    """The name of a variant without the module that it is in."""
    return re.sub(r"^\w+_ours", "ours", variant.rpartition(".")[2])


def _line(figures: msgspec.Struct) -> str:
    told = {name: value for name, value in msgspec.structs.asdict(figures).items() if value is not None}
    return "  ".join(f"{name} {value:,.4g}" if value < 1000 else f"{name} {value:,.0f}" for name, value in told.items())
