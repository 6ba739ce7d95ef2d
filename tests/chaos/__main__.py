"""Runs chaos by the command line; exit 1 on a violation, 2 when the run proves nothing."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from entrypoints.shared.settings import ROOT
from tests.chaos import cache
from tests.chaos import relay as outbox
from tests.chaos.inventory import Wish, run
from tests.chaos.nemesis import Pace
from tests.chaos.outages import Way, during_outages
from tests.chaos.outcome import Outcome
from tests.chaos.stage import Size
from tests.support.real_kafka import missing

KEPT = ROOT / "var" / "chaos"
WAYS = [way.value for way in Way]


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
@click.option("--named/--unnamed", default=True, show_default=True, help="Whether consumers come back as themselves.")
@click.option("--kills", type=int, default=40, show_default=True, help="Fewer make a run invalid.")
def inventory(
    seed: int, minutes: float, brokers: str, events: int, rate: float, schedulers: int, named: bool, kills: int
) -> None:
    """Books, quarantine and answers of inventory while everything around it fails."""
    _demand_kafka()
    size = Size(brokers=int(brokers), https=2, schedulers=schedulers, named=named)
    wish = Wish(seed, events, rate, minutes, size, pace=Pace(kills=kills))
    sys.exit(_report(_kept(f"inventory-{seed}", lambda path: run(wish, path, click.echo))))


@main.command()
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--seconds", type=float, default=60.0, show_default=True, help="How long each outage lasts.")
@click.option(
    "--way", "ways", type=click.Choice([way.value for way in Way]), multiple=True, help="Only this one; all by turns."
)
@click.option("--rate", type=float, default=150, show_default=True, help="Messages a second.")
def postgres(seed: int, seconds: float, ways: tuple[str, ...], rate: float) -> None:
    """PostgreSQL away for a while under load: a kind answer meanwhile, work at once after it, nothing lost."""
    _demand_kafka()
    wish, trouble = during_outages(seed, seconds, [Way(way) for way in ways] or list(Way), rate)
    sys.exit(_report(_kept(f"postgres-{seed}", lambda path: run(wish, path, click.echo, trouble))))


@main.command()
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--minutes", type=float, default=1.0, show_default=True, help="How long each harm lasts.")
@click.option("--between", type=float, default=0.2, show_default=True, help="Seconds from one flush to the next.")
@click.option("--rounds", type=int, default=100, show_default=True, help="Of 120 calls at once at a limit of 10.")
def redis(seed: int, minutes: float, between: float, rounds: int) -> None:
    """Redis emptied, stopped and killed under load: nobody is refused, and nobody reads what is old."""
    wish = cache.Wish(seed, minutes * 60, between, rounds)
    sys.exit(_report(_kept(f"redis-{seed}", lambda path: cache.run(wish, path, click.echo))))


@main.command()
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--events", type=int, default=50_000, show_default=True)
@click.option("--kills", type=int, default=100, show_default=True)
@click.option("--rate", type=float, default=250, show_default=True, help="Facts a second.")
@click.option("--relays", type=int, default=3, show_default=True, help="Scheduler processes.")
def relay(seed: int, events: int, kills: int, rate: float, relays: int) -> None:
    """Relays killed under facts with order per key: every subscriber sees all of them, in order, effects once."""
    _demand_kafka()
    wish = outbox.Wish(seed, events, kills, rate, relays)
    sys.exit(_report(_kept(f"relay-{seed}", lambda path: outbox.run(wish, path, click.echo))))


def _demand_kafka() -> None:
    if reason := missing():
        click.echo(f"error: {reason}", err=True)
        sys.exit(4)


def _kept(what: str, run_it: Callable[[Path], Outcome]) -> Outcome:
    """Run, and keep journal and figures."""
    KEPT.mkdir(parents=True, exist_ok=True)
    name = f"{what}-{time.strftime('%H%M%S')}"
    outcome = run_it(KEPT / f"{name}.journal")
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
