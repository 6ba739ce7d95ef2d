"""`soty config`: settings in force and the pages that list them."""

import click
import msgspec

from entrypoints.cli.generated.catalogue import SETTINGS, settle
from entrypoints.cli.options import json_option, profile_option, settings_of
from entrypoints.shared.choices import choices, planned
from entrypoints.shared.settings import Settings
from entrypoints.shared.settings_fields import Field, fields, plain


@click.group()
def config() -> None:
    """Settings: what is in force, the pages that list them."""


@config.command()
@click.option("--origin", is_flag=True, help="Tell where each value came from.")
@profile_option
@json_option
def show(origin: bool, profile: str | None, as_json: bool) -> None:
    """Write every setting in force; secrets are masked."""
    settings = settings_of({"SOTY_PROFILE": profile})
    rows = [(field.name, _value(field, settings), settings.origin(field.name)) for field in fields()]
    if as_json:
        click.echo(msgspec.json.encode({name: {"value": value, "origin": where} for name, value, where in rows}))
        return
    for name, value, where in rows:
        click.echo(f"{name:<24} {value or '–':<44} {where if origin else ''}".rstrip())
    click.echo("\nAdapters, as ./soty up would choose them")
    for choice in choices(planned(settings)):
        click.echo(f"{choice.port:<24} {choice.adapter:<44} {choice.reason if origin else ''}".rstrip())


@config.command()
@click.option("--write", is_flag=True, help="Write the pages; otherwise they are compared.")
def docs(write: bool) -> int:
    """Write or compare docs/reference/settings.md and .env.example."""
    return settle(SETTINGS, write=write, mend="./soty config docs --write")


def _value(field: Field, settings: Settings) -> str:
    return plain(getattr(getattr(settings, field.section), field.key))
