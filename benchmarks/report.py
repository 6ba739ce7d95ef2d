"""The result as JSON and as a page."""

import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.goals import Goal, table
from benchmarks.machine import Machine

INTRO = """# Benchmarks

`./soty bench inventory --level smoke|quick|full` measures Soty beside its peers, which are code in
[`benchmarks/inventory/peers`](../benchmarks/inventory/peers): the same messages, the same server, the same answers, in
turns on one machine. Ratios are the claim; absolute figures are of one machine and one hour. A goal passes when the
lower bound of the 95 % bootstrap interval of its ratio reaches the floor; the command
leaves with 1 when one falls short.
Before any figure counts, rows and every single stock are compared with an oracle, and every answer with the others'.

The consumer is measured end to end: mock broker, decoding, one durable transaction in PostgreSQL, offsets. The peers
take one message at a time: an ORM session as tutorials have it, and a single statement by a careful hand that writes
the rows that Soty writes. Reads are measured at 32 keep-alive connections; where a server was not busy for 90 % of its
processor, its processor time per request is compared instead of its rate. All servers are asked for the same 2000
movements; `ours:cached` has Redis to keep them in, for 5 s each, and the others read the database every time.

The relay is the loop of the scheduler process with one subscriber that reads each fact. Its peer takes one row at a
time under a lock, gives it to the same subscriber, marks it and commits. An idle relay is woken by one commit after
another; the time counts from the return of the commit to the call of the subscriber, by one clock.

Hot stocks: four consumers, each with a group, a topic and connections of its own, are dealt messages in turn, so that
all of them change every stock, eight of them or 20 000.
"""


class Report(msgspec.Struct, frozen=True):
    """Everything that a run found."""

    area: str
    level: str
    machine: Machine
    goals: list[Goal]
    runs: Mapping[str, Mapping[str, list[dict[str, float | None]]]]

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
    parts += [
        f"## {case.capitalize()}\n\nMedians of the rounds.\n\n{_figures(runs)}\n" for case, runs in report.runs.items()
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
