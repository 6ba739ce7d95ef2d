"""Steps that are programs of their own, and the table of how they went."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable

import click
from msgspec import Struct

from entrypoints.shared.settings import ROOT

PYTHON = sys.executable


class Step(Struct, frozen=True):
    """One program to run, what it guards and what to do when it fails."""

    name: str
    command: tuple[str, ...] = ()
    fix: str = ""
    absent: str = ""


class Outcome(Struct, frozen=True):
    """How one step went."""

    step: Step
    code: int
    seconds: float

    @property
    def line(self) -> str:
        """:returns: one line of the table."""
        if self.step.absent:
            return f"  {self.step.name:<14} absent   {self.step.absent}"
        state = "ok" if self.code == 0 else f"failed   {self.step.fix}"
        return f"  {self.step.name:<14} {self.seconds:6.1f} s   {state}"


def run_steps(steps: Iterable[Step]) -> list[Outcome]:
    """Run programs one after another, each to its end.

    :param steps: what to run.
    :returns: how each went.
    """
    return [_run(step) for step in steps]


def report(outcomes: Iterable[Outcome]) -> int:
    """Write the table.

    :param outcomes: how the steps went.
    :returns: 0 when none failed, 1 otherwise.
    """
    outcomes = list(outcomes)
    click.echo("\n" + "\n".join(outcome.line for outcome in outcomes))
    return int(any(outcome.code for outcome in outcomes))


def _run(step: Step) -> Outcome:
    if step.absent:
        return Outcome(step, 0, 0.0)
    click.echo(f"\n== {step.name}: {' '.join(step.command).replace(PYTHON, 'python')}")
    started = time.monotonic()
    environment = {name: text for name, text in os.environ.items() if not name.startswith("SOTY_")}
    code = subprocess.run(step.command, cwd=ROOT, check=False, env=environment).returncode
    return Outcome(step, code, time.monotonic() - started)
