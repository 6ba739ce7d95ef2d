"""The result as JSON and as a page."""

import re
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.areas import AREAS
from benchmarks.cases import Measured
from benchmarks.goals import Goal, table
from benchmarks.machine import Machine
from benchmarks.plots import bars, margins

CONTROL = 0.08
Runs = Mapping[str, list[dict[str, Any]]]

INTRO = """# Benchmarks{title}

`./soty bench {area} --level smoke|quick|full` measures Soty beside its peers, which are code in
[`benchmarks/{area}/peers`](../benchmarks/{area}/peers): the same messages, the same server, the same answers, in
turns on one machine. Ratios are the claim; absolute figures are of one machine and one hour. A goal passes when the
whole 95 % bootstrap interval of its ratio keeps it; the command leaves with 1 when one falls short.

- Before any figure counts, {checked}
- Each round starts fresh processes. HTTP servers of a round stand side by side and are asked in short turns, there and
  back, so that a busy minute of the machine hits all of them; other variants run one after another, there and back.
- Where a server was not busy for 90 % of its processor, its processor time per request is compared instead of its rate.
- Controls are the same thing twice. Where they differ by much, the machine was not quiet.
- Level `smoke` judges only what does not depend on the machine: statements, commands, log, cyclic garbage.

This page is written by `./soty bench {area} --level full --page {page}`.
"""
LOST = """## Cases we lose

What is slower than what it is compared with, whether a goal allows it or not. {lost}
"""
NOISY = "The controls differ by more than {share:.0%}: the machine was not quiet, and narrow margins say little."
SUFFIXES = {"rate": "a second", "loads": "loads", "p50": "ms"}


class Report(msgspec.Struct, frozen=True):
    """Everything that a run found."""

    area: str
    level: str
    machine: Machine
    cases: list[Measured]

    @property
    def goals(self) -> list[Goal]:
        """The goals of all cases."""
        return [goal for case in self.cases for goal in case.goals]

    @property
    def passed(self) -> bool:
        """Whether no goal fell short."""
        return all(goal.passed or not goal.gated for goal in self.goals)


def page(report: Report, plots: str) -> str:
    """The report as a page of the documentation.

    :param plots: the folder of the charts, as the page links to it.
    """
    area = AREAS[report.area]
    title = "" if area is next(iter(AREAS.values())) else f" of {report.area}"
    intro = INTRO.format(area=report.area, title=title, checked=area.checked, page=area.page)
    parts = [intro, f"## Goals\n\n{_where(report)}\n\n{table(report.goals)}\n"]
    if _ratios(report):
        parts.append(f"![How far each ratio is from its goal]({plots}/goals.svg)\n")
    parts.append(f"{LOST.format(lost=area.lost)}\n{_lost(report)}\n")
    for case in report.cases:
        if case.runs:
            parts.append(f"## {case.name[0].upper()}{case.name[1:]}\n\n{case.about}")
            parts += [_run(name, runs, plots) for name, runs in case.runs.items()]
    return "\n".join(parts)


def charts(report: Report) -> dict[str, str]:
    """The charts of the page by the names of their files."""
    made = {f"{_slug(name)}.svg": _bars(name, runs) for case in report.cases for name, runs in case.runs.items()}
    if goals := _ratios(report):
        made["goals.svg"] = margins("Ratios beside their goals; the line is the 95 % interval", goals)
    return made


def write(report: Report, file: Path | None, page_file: Path | None) -> None:
    """Write the files that are wanted."""
    if file is not None:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    if page_file is not None:
        folder = page_file.with_suffix("")
        folder.mkdir(parents=True, exist_ok=True)
        page_file.write_text(page(report, folder.name), encoding="utf-8")
        for name, chart in charts(report).items():
            (folder / name).write_text(chart, encoding="utf-8")


def merged(reports: Sequence[Report]) -> Report:
    """Several runs as one report, described by the first; a case that was measured again replaces itself."""
    cases = {case.name: case for report in reports for case in report.cases}
    return msgspec.structs.replace(reports[0], cases=list(cases.values()))


def _where(report: Report) -> str:
    machine = report.machine
    control = max((abs(goal.ratio.median - 1) for goal in report.goals if goal.ratio and goal.is_control), default=0.0)
    told = (
        f"Level `{report.level}`, {machine.at:%Y-%m-%d}, commit `{machine.commit}`: {machine.cpu}, "
        f"{machine.cpus} CPUs, load {machine.load:.1f} before the run,\nLinux {machine.kernel}, "
        f"Python {machine.python}, PostgreSQL {machine.postgres['server_version']} with fsync "
        f"{machine.postgres['fsync']}."
    )
    return told if control <= CONTROL else f"{told}\n{NOISY.format(share=CONTROL)}"


def _ratios(report: Report) -> list[Goal]:
    return [goal for goal in report.goals if goal.ratio is not None and goal.bound[:2] in (">=", "<=")]


def _lost(report: Report) -> str:
    slower = [goal for goal in report.goals if goal.ratio and not goal.is_control and _is_worse(goal)]
    lines = [f"| {goal.name} | {goal.text} | {goal.bound} |" for goal in slower]
    return "\n".join(["| compared | measured | wanted |", "|---|---|---|", *lines]) if lines else "None in this run."


def _is_worse(goal: Goal) -> bool:
    assert goal.ratio is not None
    return goal.ratio.median > 1 if goal.bound.startswith("<=") else goal.ratio.median < 1


def _run(name: str, runs: Runs, plots: str) -> str:
    title = f"{name[0].upper()}{name[1:]}"
    return f"![{title}]({plots}/{_slug(name)}.svg)\n\n{title}, medians of the rounds:\n\n{_figures(runs)}\n"


def _bars(name: str, runs: Runs) -> str:
    figure = next(iter(next(iter(runs.values()))[0]))
    rounds = {variant: [float(each[figure] or 0) for each in told] for variant, told in runs.items()}
    return bars(name, SUFFIXES.get(figure, figure), rounds)


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower())


def _figures(runs: Runs) -> str:
    names = list(next(iter(runs.values()))[0])
    lines = [f"| variant | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for variant, rounds in runs.items():
        cells = [_median([each[name] for each in rounds]) for name in names]
        lines.append(f"| {variant} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _median(values: list[float | None]) -> str:
    found = [value for value in values if value is not None]
    if not found:
        return ""
    figure = statistics.median(found)
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"
