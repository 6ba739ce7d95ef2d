"""Goals: a figure, its floor or ceiling, and whether it holds."""

from collections.abc import Sequence

import msgspec

from benchmarks.statistics import Ratio, ratio


class Goal(msgspec.Struct, frozen=True):
    """One line of the result; ``ratio`` is there where two variants were compared.

    A ratio passes when all of its interval does. One that is not ``gated`` is shown and not judged.
    """

    name: str
    text: str
    bound: str
    passed: bool
    gated: bool = True
    ratio: Ratio | None = None

    @property
    def is_control(self) -> bool:
        """Whether it compares a thing with itself."""
        return self.bound.startswith("1 ±")

    @property
    def mark(self) -> str:
        """How it went."""
        if not self.gated:
            return "-"
        return "ok" if self.passed else "SHORT"


def at_least(
    name: str, ours: Sequence[float], theirs: Sequence[float], floor: float, *, gated: bool = True, by: str = ""
) -> Goal:
    """A goal for the ratio of two variants over all rounds.

    :param gated: False where there are too few rounds to judge.
    :param by: which figure the ratio is of.
    """
    found = ratio(ours, theirs)
    return Goal(name, f"{found}{by}", f">= {floor:g}", found.low >= floor, gated, found)


def ratio_at_most(
    name: str, ours: Sequence[float], theirs: Sequence[float], ceiling: float, *, gated: bool = True
) -> Goal:
    """A goal for the ratio of two variants of which less is better."""
    found = ratio(ours, theirs)
    return Goal(name, str(found), f"<= {ceiling:g}", found.high <= ceiling, gated, found)


def shown(name: str, ours: Sequence[float], theirs: Sequence[float], *, by: str = "") -> Goal:
    """A ratio that nobody promised."""
    found = ratio(ours, theirs)
    return Goal(name, f"{found}{by}", "", passed=True, gated=False, ratio=found)


def at_most(name: str, figure: float, ceiling: float, unit: str = "", *, gated: bool = True) -> Goal:
    """A goal for a figure that does not depend on speed."""
    return Goal(name, f"{figure:.6g}{unit}", f"<= {ceiling:g}", figure <= ceiling, gated)


def within(name: str, one: Sequence[float], other: Sequence[float], share: float) -> Goal:
    """The control: two runs of the same must be the same; where they are not, the machine was too busy to judge."""
    found = ratio(one, other)
    return Goal(name, str(found), f"1 ± {share:g}", abs(found.median - 1) <= share, gated=False, ratio=found)


def table(goals: Sequence[Goal]) -> str:
    """The goals as a table of Markdown."""
    head = "| goal | measured | wanted | |\n|---|---|---|---|\n"
    return head + "\n".join(f"| {g.name} | {g.text} | {g.bound} | {g.mark} |" for g in goals)
