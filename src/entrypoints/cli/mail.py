"""`soty mail`: letters that stayed on this machine, and a letter to try the gateway."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import click
import msgspec

from core.kernel.errors import SotyError, Unavailable
from core.notifications.api import MailView
from core.notifications.ports import LetterWriter, Mail, Mailbox, MailSender
from entrypoints.cli.containers.letters import open_letters
from entrypoints.cli.options import json_option, profile_option, settings_of
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings import Settings
from entrypoints.shared.settings_fields import PAGE
from entrypoints.shared.texts import LANGUAGES

NOWHERE = "on memory letters end with their process; look at /dev/mail of the running one"


@click.group()
def mail() -> None:
    """Letters that stayed on this machine, and a letter to try the gateway."""


@mail.command(name="list")
@click.option("--to", metavar="ADDRESS", help="Only letters to this address.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many.")
@profile_option
@json_option
def list_letters(to: str | None, limit: int, profile: str | None, as_json: bool) -> None:
    """Letters that stayed here, the newest first."""
    letters = asyncio.run(_letters(_kept(profile), to, limit))
    if as_json:
        click.echo(msgspec.json.encode(letters))
        return
    for each in letters:
        click.echo(f"{each.key}  {each.at:%Y-%m-%d %H:%M}  {each.to}  {each.subject}")


@mail.command()
@click.argument("key")
@profile_option
@json_option
def show(key: str, profile: str | None, as_json: bool) -> None:
    """One letter as plain text, with its headers."""
    letter = asyncio.run(_letter(_kept(profile), key))
    if letter is None:
        raise FaultError([Fault("there is no such letter", key, "take a key from ./soty mail list")])
    if as_json:
        click.echo(msgspec.json.encode(letter))
        return
    click.echo("\n".join(f"{name}: {value}" for name, value in letter.headers))
    click.echo(f"\n{letter.text}", nl=False)


@mail.command(name="test")
@click.argument("address")
@click.option(
    "--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True, help="Of the letter."
)
@profile_option
def send_one(address: str, language: str, profile: str | None) -> None:
    """Send a letter to ADDRESS now, past the outbox, to see whether the gateway takes it."""
    settings = settings_of({"SOTY_PROFILE": profile})
    asyncio.run(_send(settings, address, language))
    left = settings.mail.gateway() is not None
    click.echo("the gateway took it" if left else "kept here, since no gateway is set: ./soty mail list")


def _kept(profile: str | None) -> Settings:
    """Settings under which letters are kept where this process can read them.

    :raises FaultError: they are not.
    """
    settings = settings_of({"SOTY_PROFILE": profile})
    if settings.app.profile == "memory":
        raise FaultError([Fault(NOWHERE, "SOTY_PROFILE", "use the dev profile")], Exit.USAGE)
    return settings


async def _letters(settings: Settings, to: str | None, limit: int) -> list[MailView]:
    mailbox: Mailbox = await open_letters(settings).get(Mailbox)
    return await mailbox.letters(to, limit)


async def _letter(settings: Settings, key: str) -> MailView | None:
    mailbox: Mailbox = await open_letters(settings).get(Mailbox)
    return await mailbox.find(key)


async def _send(settings: Settings, address: str, language: str) -> None:
    container = open_letters(settings)
    letter = (await container.get(LetterWriter)).write("notifications.trial", language, {})
    try:
        await (await container.get(MailSender)).send(Mail(uuid4(), address, datetime.now(UTC), letter))
    except Unavailable as error:
        why = f"the gateway cannot be reached, or does not let us in: {error.params['reason']}"
        fault = Fault(why, str(settings.mail.smtp_url), "mend SOTY_SMTP_URL", f"{PAGE}#soty_smtp_url")
        raise FaultError([fault], Exit.SERVICE_DOWN) from error
    except SotyError as error:
        why = f"the letter was not taken: {error.params['reason']}"
        raise FaultError([Fault(why, address, "try another address, or ask who runs the gateway")]) from error
    finally:
        await container.close()
