"""`soty events dead|replay|drop`: deliveries that failed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import click
import msgspec

from core.kernel.errors import Kind, SotyError
from core.operations.api import ChosenDeliveries, DeliveriesChanged, DeliveryView
from entrypoints.cli.containers.desk import Desk, open_desk
from entrypoints.cli.database import database
from entrypoints.cli.operators import operator
from entrypoints.cli.options import json_option, profile_option
from entrypoints.shared.fault import Exit, Fault, FaultError

PAGE_SIZE = 200

Act = Callable[[Desk, ChosenDeliveries], Awaitable[DeliveriesChanged]]
Command = TypeVar("Command", bound=Callable[..., object])


class Options(msgspec.Struct, frozen=True):
    """What `replay` and `drop` are told beside the numbers."""

    every: bool
    name: str | None
    error: str | None
    reason: str
    by: str | None
    profile: str | None
    as_json: bool


class Outcome(msgspec.Struct):
    """How many deliveries were changed, and numbers of those that had not failed."""

    changed: int = 0
    refused: list[int] = msgspec.field(default_factory=list)


def _choosing(command: Command) -> Command:
    for decorate in (
        json_option,
        profile_option,
        click.option("--by", metavar="NAME", help="Who does it, for the audit trail; unset: your account here."),
        click.option("--error", help="Dead ones in whose error this stands."),
        click.option("--name", help="Dead ones of facts of this name."),
        click.option("--all", "every", is_flag=True, help="All dead ones."),
        click.argument("seqs", nargs=-1, metavar="[SEQ]...", type=click.IntRange(1, 2**63 - 1)),
        click.argument("subscriber"),
    ):
        command = decorate(command)
    return command


@click.command()
@click.option("--subscriber", help="Of one subscriber alone.")
@profile_option
@json_option
def dead(subscriber: str | None, profile: str | None, as_json: bool) -> None:
    """List deliveries that are dead, and those that failed and will be tried again, the oldest first."""
    asyncio.run(_dead(subscriber, profile, as_json=as_json))


@click.command()
@_choosing
@click.option("--reason", default="", help="Why, for the audit trail.")
def replay(subscriber: str, seqs: tuple[int, ...], **options: object) -> None:
    """Give failed deliveries of SUBSCRIBER again as if never tried: those of the numbers, or dead ones that fit."""
    told = msgspec.convert(options, Options)

    def act(desk: Desk, chosen: ChosenDeliveries) -> Awaitable[DeliveriesChanged]:
        return desk.replay(operator(told.by), chosen, note=told.reason)

    asyncio.run(_decide("replayed", act, _chosen(subscriber, seqs, told), told))


@click.command()
@_choosing
@click.option("--reason", required=True, help="Why, for the audit trail.")
def drop(subscriber: str, seqs: tuple[int, ...], **options: object) -> None:
    """Give failed deliveries of SUBSCRIBER up; it is never told, and what they held back goes on."""
    told = msgspec.convert(options, Options)

    def act(desk: Desk, chosen: ChosenDeliveries) -> Awaitable[DeliveriesChanged]:
        return desk.drop(operator(told.by), chosen, note=told.reason)

    asyncio.run(_decide("dropped", act, _chosen(subscriber, seqs, told), told))


def _chosen(subscriber: str, seqs: Sequence[int], options: Options) -> list[ChosenDeliveries]:
    wide = options.every or options.name is not None or options.error is not None
    if wide == bool(seqs):
        fault = Fault(
            "numbers together with --all, --name or --error" if seqs else "which deliveries is not said",
            "command line",
            "give numbers, or any of --all, --name and --error; soty events dead lists them",
        )
        raise FaultError([fault], Exit.USAGE)
    if seqs:
        return [ChosenDeliveries(subscriber=subscriber, seq=seq) for seq in seqs]
    return [ChosenDeliveries(subscriber=subscriber, name=options.name, error=options.error)]


async def _decide(done: str, act: Act, chosen: Sequence[ChosenDeliveries], options: Options) -> None:
    outcome = Outcome()
    async with database(options.profile) as made, open_desk(made.settings.postgres) as desk:
        for each in chosen:
            await _act(desk, act, each, outcome)
    subscriber = chosen[0].subscriber
    if options.as_json:
        click.echo(msgspec.json.encode(outcome))
    elif outcome.changed or not outcome.refused:
        click.echo(f"{done} {outcome.changed} of {subscriber}")
    if outcome.refused:
        numbers = ", ".join(map(str, outcome.refused))
        fault = Fault(f"not failed, or done since: {numbers}", subscriber, "soty events dead lists those that failed")
        raise FaultError([fault])


async def _act(desk: Desk, act: Act, chosen: ChosenDeliveries, outcome: Outcome) -> None:
    more = True
    while more:
        try:
            changed = await act(desk, chosen)
        except SotyError as error:
            if error.kind is not Kind.CONFLICT or chosen.seq is None:
                raise
            outcome.refused.append(chosen.seq)
            return
        outcome.changed += changed.changed
        more = changed.more


async def _dead(subscriber: str | None, profile: str | None, *, as_json: bool) -> None:
    actor, cursor, more = operator(None), None, True
    async with database(profile) as made, open_desk(made.settings.postgres) as desk:
        while more:
            page = await desk.deliveries(actor, subscriber=subscriber, failed=True, limit=PAGE_SIZE, cursor=cursor)
            for each in page.items:
                click.echo(msgspec.json.encode(each) if as_json else _told(each))
            cursor, more = page.next_cursor, page.next_cursor is not None
        counts = [] if as_json else await desk.backlog(actor)
    for count in counts:
        if subscriber in {None, count.subscriber}:
            click.echo(f"{count.subscriber}: {count.dead} dead, {count.held} held back, {count.pending} pending")


def _told(each: DeliveryView) -> str:
    tries = "1 attempt" if each.attempts == 1 else f"{each.attempts} attempts"
    again = "" if each.state == "dead" else f", due {each.due_at:%Y-%m-%d %H:%M:%S} UTC"
    told = f"{each.subscriber} {each.seq} {each.state} after {tries}{again}"
    return f"{told}: {each.name} v{each.version} {each.key or '–'}\n    {each.error}"
