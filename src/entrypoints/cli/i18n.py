"""`soty i18n`: the texts that people read, in every language."""

import click
import msgspec

from entrypoints.cli.catalogues import COMPILE, compile_all, extract, findings
from entrypoints.cli.options import json_option
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings import ROOT
from entrypoints.shared.texts import LANGUAGES


@click.group()
def i18n() -> None:
    """Texts for people: gettext catalogues in src/entrypoints/shared/texts."""


@i18n.command(name="extract")
def extract_codes() -> None:
    """Give codes that are new in the code an empty text in every language, and take unused ones out."""
    changes = extract()
    click.echo("\n".join([*changes, f"then: {COMPILE}"] if changes else ["nothing to do"]))


@i18n.command(name="compile")
def compile_catalogues() -> None:
    """Write the .mo files, which the program reads at start, from the .po files."""
    changed = compile_all()
    click.echo("\n".join(str(file.relative_to(ROOT)) for file in changed) or "nothing to do")


@i18n.command()
@json_option
def status(as_json: bool) -> int:
    """Fail on texts that are missing, fuzzy, unused, not compiled, or that name other parameters than in English."""
    found = findings()
    if as_json:
        click.echo(msgspec.json.encode({"languages": LANGUAGES, "findings": found}))
        return Exit.FAILED if found else Exit.OK
    if found:
        raise FaultError([Fault(str(finding), fix=finding.fix, more="docs/guides/texts.md") for finding in found])
    click.echo(f"{', '.join(LANGUAGES)}: every text is there and compiled")
    return Exit.OK
