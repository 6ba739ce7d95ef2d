"""`soty demo`: data to try things on."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
import msgspec
from dishka import AsyncContainer

from core.operations.usecases.read_processes import ListProcesses
from entrypoints.cli.containers.removing import remove_between
from entrypoints.cli.demo.loading import ACTOR, Loaded, is_loaded, load, plan_of
from entrypoints.cli.demo.plan import FIRST, LAST, SIZES
from entrypoints.cli.demo.tour import Stop, tour
from entrypoints.cli.inside import inside
from entrypoints.cli.options import json_option, profile_option, settings_of
from entrypoints.http.container import build
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.runfile import read_run
from entrypoints.shared.settings import Settings

T = TypeVar("T")

size_option = click.option("--size", type=click.Choice(list(SIZES)), default="s", show_default=True, help="How much.")
seed_option = click.option(
    "--seed", type=click.IntRange(0, 65535), default=1, show_default=True, help="Another seed, other data beside it."
)


@click.group()
def demo() -> None:
    """Data to try things on: warehouses, products, movements, alerts, stocktakes, quarantine."""


@demo.command("load")
@size_option
@seed_option
@profile_option
@json_option
def load_command(size: str, seed: int, profile: str | None, as_json: bool) -> None:
    """Load demo data; what is there already stays, and a second time changes nothing."""
    started = time.monotonic()
    loaded = asyncio.run(_on(profile, lambda _, container: load(container, size, seed)))
    if as_json:
        click.echo(msgspec.json.encode(loaded))
        return
    click.echo(f"{told(loaded)}   {time.monotonic() - started:.1f} s\nNext: ./soty demo tour")


@demo.command()
@profile_option
@json_option
def reset(profile: str | None, as_json: bool) -> None:
    """Remove demo data of every size and seed; all else stays. Nothing else may run meanwhile."""
    removed = asyncio.run(_on(profile, lambda _, container: _reset(container)))
    click.echo(msgspec.json.encode({"removed": removed}) if as_json else f"removed {removed} changes of stock")


@demo.command("tour")
@size_option
@seed_option
@profile_option
@json_option
def tour_command(size: str, seed: int, profile: str | None, as_json: bool) -> None:
    """Write calls of curl that show what there is, with ids of the demo data."""
    stops = asyncio.run(_on(profile, lambda settings, container: _tour(settings, container, size, seed)))
    if as_json:
        click.echo(msgspec.json.encode(stops))
        return
    click.echo("\n\n".join(f"# {stop.shows}\n{stop.call}" for stop in stops))


def told(loaded: Loaded) -> str:
    """What was loaded, in a line."""
    there = f"{loaded.warehouses} warehouses, {loaded.products} products, {loaded.movements} movements"
    if loaded.before:
        return f"{loaded.name}: {there}; all there before, nothing changed"
    return f"{loaded.name}: {there}; {loaded.applied} messages applied, {loaded.quarantined} in quarantine"


async def load_demo(settings: Settings) -> str:
    """Load the smallest demo data before anything serves.

    :returns: a line that tells what was loaded.
    """
    container = build(settings, part="demo")
    try:
        return told(await load(container, "s", 1))
    finally:
        await container.close()


def refuse_elsewhere(settings: Settings) -> None:
    """Let nobody load or remove demo data where it could do harm, or would be lost at once.

    :raises FaultError: the profile is neither dev nor test (exit code 3).
    """
    if settings.app.profile not in ("dev", "test"):
        fault = Fault(
            "demo data is for the profiles dev and test",
            f"SOTY_PROFILE={settings.app.profile} ({settings.origin('SOTY_PROFILE')})",
            "use --profile dev, or another database",
        )
        raise FaultError([fault], Exit.SETTINGS)


async def _on(profile: str | None, work: Callable[[Settings, AsyncContainer], Awaitable[T]]) -> T:
    refuse_elsewhere(settings_of({"SOTY_PROFILE": profile}))
    async with inside(profile, "demo") as (settings, container):
        return await work(settings, container)


async def _reset(container: AsyncContainer) -> int:
    found = await (await container.get(ListProcesses))(ACTOR)
    if others := [f"{each.part} (pid {each.pid} on {each.host})" for each in found if each.pid != os.getpid()]:
        fault = Fault(
            "other processes work on this store and remember what would be removed",
            ", ".join(others),
            "stop them first, then ./soty demo reset",
        )
        raise FaultError([fault])
    return await remove_between(container, FIRST, LAST)


async def _tour(settings: Settings, container: AsyncContainer, size: str, seed: int) -> list[Stop]:
    plan = await plan_of(container, size, seed)
    if not await is_loaded(container, plan):
        words = f" --size {size}" * (size != "s") + f" --seed {seed}" * (seed != 1)
        raise FaultError([Fault(f"{plan.name} is not loaded", "this database", f"./soty demo load{words}")])
    run = read_run(settings.app.data_dir)
    address = f"http://{settings.http.host}:{settings.http.port}" if run is None else run.urls["http"]
    return tour(plan, address)
