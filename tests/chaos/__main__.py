"""Runs chaos by the command line; exit 1 on a violation, 2 when the run proves nothing."""

import sys
import time
from pathlib import Path

import click
import msgspec

from entrypoints.shared.settings import ROOT
from tests.chaos.inventory import Outcome, Wish, run
from tests.chaos.stage import Size
from tests.support.real_kafka import missing

KEPT = ROOT / "var" / "chaos"


@click.group()
def main() -> None:
    """Real processes under load and faults."""


@main.command()
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--minutes", type=float, default=3.0, show_default=True)
@click.option("--brokers", type=click.Choice(["1", "3"]), default="1", show_default=True)
@click.option("--events", type=int, default=100_000, show_default=True)
@click.option("--rate", type=float, default=2000, show_default=True)
@click.option("--schedulers", type=int, default=2, show_default=True)
def inventory(seed: int, minutes: float, brokers: str, events: int, rate: float, schedulers: int) -> None:
    """Books, quarantine and answers of inventory while everything around it fails."""
    if reason := missing():
        click.echo(f"error: {reason}", err=True)
        sys.exit(4)
    size = Size(brokers=int(brokers), https=2, schedulers=schedulers)
    wish = Wish(seed, events, rate, minutes, size)
    sys.exit(_report(_run(wish)))


def _run(wish: Wish) -> Outcome:
    KEPT.mkdir(parents=True, exist_ok=True)
    name = f"inventory-{wish.seed}-{time.strftime('%H%M%S')}"
    outcome = run(wish, KEPT / f"{name}.journal", click.echo)
    path = KEPT / f"{name}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(outcome)))
    click.echo(f"kept in {_short(path)}")
    return outcome


def _report(outcome: Outcome) -> int:
    for name, figure in outcome.figures.items():
        click.echo(f"  {name:<24} {figure:12.1f}")
    for kind, times in outcome.harm.items():
        click.echo(f"  {kind:<24} {times:10d}")
    for name in outcome.died:
        click.echo(f"  {name} ended by itself and was started again")
    for kind in outcome.missing:
        click.echo(f"invalid: there was no {kind}")
    for violation in outcome.violations:
        click.echo(f"violated: {violation}")
    click.echo("ok" if outcome.code == 0 else "failed")
    return outcome.code


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    main()
