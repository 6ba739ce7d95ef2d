"""`soty db`: migrations of every module."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import click
import msgspec

from entrypoints.cli.containers import migrations
from entrypoints.cli.database import database
from entrypoints.cli.options import json_option, profile_option

Result = TypeVar("Result")


@click.group()
def db() -> None:
    """Migrations: one branch for each module and one for the kernel."""


@db.command()
@click.option("--to", "target", default="heads", show_default=True, help="Revision to reach.")
@profile_option
def upgrade(target: str, profile: str | None) -> None:
    """Bring the database to the newest revision of every module."""
    _on_database(profile, lambda url: migrations.upgrade(url, target))
    click.echo("migrations up to date")


@db.command()
@click.option("--module", required=True, help="Branch to take back.")
@click.option("--to", "target", required=True, help="Revision to go back to, such as -1 or base.")
@profile_option
def downgrade(module: str, target: str, profile: str | None) -> None:
    """Take back revisions of one module; data of the removed tables is lost."""
    _on_database(profile, lambda url: migrations.downgrade(url, module, target))
    click.echo(f"{module} is at {target}")


@db.command()
@profile_option
@json_option
def status(profile: str | None, as_json: bool) -> None:
    """Tell the revision of every module and whether it is the newest."""
    rows = _on_database(profile, migrations.status)
    if as_json:
        click.echo(msgspec.json.encode(rows))
        return
    for row in rows:
        click.echo(f"{row.module:<12} {row.current or '–':<20} {_behind(row.is_current, row.head)}")


@db.command()
@click.option("--module", required=True, help="Branch that the revision belongs to.")
@click.argument("message")
def revision(module: str, message: str) -> None:
    """Write an empty revision of one module."""
    click.echo(migrations.revision(module, message))


def _on_database(profile: str | None, work: Callable[[str], Result]) -> Result:
    return asyncio.run(_with_server(profile, work))


async def _with_server(profile: str | None, work: Callable[[str], Result]) -> Result:
    async with database(profile) as made:
        assert made.settings.postgres.url is not None
        return await migrations.on_database(made.settings.postgres.url.reveal(), work)


def _behind(is_current: bool, head: str) -> str:
    return "up to date" if is_current else f"behind {head}: ./soty db upgrade"
