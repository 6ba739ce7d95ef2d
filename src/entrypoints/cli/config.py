"""`soty config`: settings in force and the pages that list them."""

import difflib
from pathlib import Path

import click
import msgspec

from entrypoints.cli.options import json_option, loaded, profile_option
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings import ROOT, Settings
from entrypoints.shared.settings_docs import pages
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
    found = loaded({"SOTY_PROFILE": profile})
    rows = [(field.name, _value(field, found.settings), found.origins[field.name]) for field in fields()]
    if as_json:
        click.echo(msgspec.json.encode({name: {"value": value, "origin": where} for name, value, where in rows}))
        return
    for name, value, where in rows:
        click.echo(f"{name:<24} {value or '–':<44} {where if origin else ''}".rstrip())


@config.command()
@click.option("--write", is_flag=True, help="Write the pages; otherwise they are compared.")
def docs(write: bool) -> int:
    """Write or compare docs/reference/settings.md and .env.example."""
    if write:
        for path, text in pages().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Exit.OK
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if stale:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        raise FaultError(
            [Fault("pages differ from the settings", names, "./soty config docs --write", _difference(stale[0]))]
        )
    return Exit.OK


def _value(field: Field, settings: Settings) -> str:
    return plain(getattr(getattr(settings, field.section), field.key))


def _difference(path: Path) -> str:
    old = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    changed = difflib.unified_diff(old, pages()[path].splitlines(), lineterm="", n=0)
    return next((line for line in changed if line[:1] in "+-" and line[:3] not in ("+++", "---")), "")
