"""`soty events tail`: facts as they are committed."""

import asyncio

import click
import msgspec

from core.operations.api import FactView
from entrypoints.cli.containers.desk import Desk, open_desk
from entrypoints.cli.database import database
from entrypoints.cli.operators import operator
from entrypoints.cli.options import json_option, profile_option
from entrypoints.cli.serving import stop_on_signals
from entrypoints.shared.waiting import unless

POLL_SECONDS = 1.0


class Wanted(msgspec.Struct, frozen=True):
    """Which facts to show: of a name or of its beginning up to a dot, of a key, and how many old ones."""

    name: str | None
    key: str | None
    last: int

    def fits(self, fact: FactView) -> bool:
        """Whether to show it."""
        named = self.name is None or fact.name == self.name or fact.name.startswith(f"{self.name}.")
        return named and self.key in {None, fact.key}


@click.command()
@click.option("--name", help="Facts of this name alone, or of a module: inventory.stock_adjusted, inventory.")
@click.option("--key", help="Facts of this key alone.")
@click.option("--last", type=click.IntRange(0, 500), default=10, show_default=True, help="Old ones to begin with.")
@profile_option
@json_option
def tail(name: str | None, key: str | None, last: int, profile: str | None, as_json: bool) -> None:
    """Show facts as they are committed, until Ctrl-C. One that nobody subscribes to is not kept, so not shown."""
    asyncio.run(_tail(profile, Wanted(name, key, last), as_json=as_json))


async def _tail(profile: str | None, wanted: Wanted, *, as_json: bool) -> None:
    with stop_on_signals() as stop:
        async with database(profile) as made, open_desk(made.settings.postgres) as desk:
            await _follow(desk, wanted, stop, as_json=as_json)


async def _follow(desk: Desk, wanted: Wanted, stop: asyncio.Event, *, as_json: bool) -> None:
    actor = operator(None)
    read = await desk.follow(actor)
    facts = [fact for fact in read.facts if wanted.fits(fact)]
    _show(facts[max(len(facts) - wanted.last, 0) :], as_json=as_json)
    while not stop.is_set():
        read = await desk.follow(actor, read.place)
        _show([fact for fact in read.facts if wanted.fits(fact)], as_json=as_json)
        if not read.more:
            await unless(stop, desk.bell.wait(POLL_SECONDS))


def _show(facts: list[FactView], *, as_json: bool) -> None:
    for fact in facts:
        click.echo(msgspec.json.encode(fact) if as_json else _line(fact))


def _line(fact: FactView) -> str:
    at = fact.occurred_at.astimezone().strftime("%H:%M:%S.%f")[:-3]
    return f"{at} {fact.seq} {fact.name} v{fact.version} {fact.key or '–'} {bytes(fact.payload).decode()}"
