"""The result as JSON and as a page."""

import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.cases import Measured
from benchmarks.goals import Goal, table
from benchmarks.machine import Machine

INTRO = """# Benchmarks

`./soty bench inventory --level smoke|quick|full` measures Soty beside its peers, which are code in
[`benchmarks/inventory/peers`](../benchmarks/inventory/peers): the same messages, the same server, the same answers, in
turns on one machine. Ratios are the claim; absolute figures are of one machine and one hour. A goal passes when the
lower bound of the 95 % bootstrap interval of its ratio reaches the floor; the command
leaves with 1 when one falls short.
Before any figure counts, rows and every single stock are compared with an oracle, and every answer with the others'.
"""


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


def page(report: Report) -> str:
    """The report as a page of the documentation."""
    machine = report.machine
    where = (
        f"Level `{report.level}`, {machine.at:%Y-%m-%d}, commit `{machine.commit}`: {machine.cpu}, "
        f"{machine.cpus} CPUs, "
        f"load {machine.load:.1f} before the run, Linux {machine.kernel}, Python {machine.python}, "
        f"PostgreSQL {machine.postgres['server_version']} with fsync {machine.postgres['fsync']}."
    )
    parts = [INTRO, f"## Goals\n\n{where}\n\n{table(report.goals)}\n"]
    for case in report.cases:
        if case.runs:
            parts.append(f"## {case.name.capitalize()}\n\n{case.about}")
            parts += [
                f"{name.capitalize()}, medians of the rounds:\n\n{_figures(runs)}\n" for name, runs in case.runs.items()
            ]
    return "\n".join(parts)


def write(report: Report, file: Path | None, page_file: Path | None) -> None:
    """Write the files that are wanted."""
    if file is not None:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    if page_file is not None:
        page_file.write_text(page(report), encoding="utf-8")


def _figures(runs: Mapping[str, list[dict[str, Any]]]) -> str:
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
