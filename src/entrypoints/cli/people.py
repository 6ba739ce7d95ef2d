"""`soty user`: people, for whoever sits at the terminal of the machine."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from getpass import getuser
from typing import TypeVar

import click
import msgspec
from dishka import AsyncContainer

from core.identity.api import AccountStatus, SessionView
from core.identity.rights import PersonView
from core.identity.usecases.add_person import AddPerson
from core.identity.usecases.change_roles import ChangeRoles
from core.identity.usecases.link_to_reset import LinkToReset
from core.identity.usecases.queries.people import ListPeople, ListSessionsOf
from core.identity.usecases.watch_over_people import ChangeStatus, EndSessionsOf
from core.kernel.actor import Actor, system_actor
from core.kernel.errors import SotyError, Unavailable
from core.kernel.wire import WrongFields
from entrypoints.cli.inside import inside
from entrypoints.cli.options import json_option, profile_option
from entrypoints.shared.fault import Fault, FaultError
from entrypoints.shared.settings import Settings
from entrypoints.shared.texts import DEFAULT, error_text, field_text

T = TypeVar("T")
PAGE = 200

login_argument = click.argument("login")


@click.group()
def user() -> None:
    """People: the first owner, roles, blocks, sessions."""


@user.command()
@login_argument
@click.option("--owner", is_flag=True, help="May do everything.")
@click.option("--role", "roles", multiple=True, help="A role that it gets; may be repeated.")
@profile_option
@json_option
def create(login: str, owner: bool, roles: tuple[str, ...], profile: str | None, as_json: bool) -> None:
    """Make an account for LOGIN: an e-mail address, a username, or a number that begins with a plus sign.

    The password is asked for, or read from the first line of the standard input.
    """
    password = _password()
    given = [*(["owner"] if owner else []), *roles]

    async def act(actor: Actor, container: AsyncContainer) -> PersonView | None:
        return await (await container.get(AddPerson))(actor, login=login, password=password, roles=given)

    made = _run(profile, act)
    assert made is not None
    _show([made], as_json=as_json)


@user.command("list")
@click.argument("text", default="")
@click.option("--status", type=click.Choice([each.value for each in AccountStatus]), help="Of one status alone.")
@profile_option
@json_option
def list_command(text: str, status: str | None, profile: str | None, as_json: bool) -> None:
    """List accounts whose address, username or number begins with TEXT, newest first; 200 at most."""
    wanted = None if status is None else AccountStatus(status)

    async def act(actor: Actor, container: AsyncContainer) -> list[PersonView]:
        return (await (await container.get(ListPeople))(actor, text=text, status=wanted, limit=PAGE)).items

    _show(_run(profile, act), as_json=as_json)


@user.command()
@login_argument
@profile_option
@json_option
def show(login: str, profile: str | None, as_json: bool) -> None:
    """Show one account."""
    _show([_run(profile, lambda actor, container: _found(actor, container, login))], as_json=as_json)


@user.command()
@login_argument
@click.option("--reason", required=True, help="Its owner is shown it.")
@profile_option
@json_option
def block(login: str, reason: str, profile: str | None, as_json: bool) -> None:
    """Shut LOGIN out and end all its sessions."""
    _set_status(profile, login, AccountStatus.BLOCKED, reason, as_json=as_json)


@user.command()
@login_argument
@profile_option
@json_option
def unblock(login: str, profile: str | None, as_json: bool) -> None:
    """Let LOGIN in again."""
    _set_status(profile, login, AccountStatus.ACTIVE, "", as_json=as_json)


@user.command()
@login_argument
@click.option("--give", multiple=True, help="A role; may be repeated.")
@click.option("--take", multiple=True, help="A role; may be repeated.")
@profile_option
@json_option
def role(login: str, give: tuple[str, ...], take: tuple[str, ...], profile: str | None, as_json: bool) -> None:
    """Give LOGIN roles, and take others away."""

    async def act(actor: Actor, container: AsyncContainer) -> PersonView:
        person = await _found(actor, container, login)
        await (await container.get(ChangeRoles))(actor, person.id, give=give, take=take)
        return await _found(actor, container, login)

    _show([_run(profile, act)], as_json=as_json)


@user.command()
@login_argument
@profile_option
@json_option
def revoke(login: str, profile: str | None, as_json: bool) -> None:
    """End all sessions of LOGIN."""

    async def act(actor: Actor, container: AsyncContainer) -> int:
        person = await _found(actor, container, login)
        return await (await container.get(EndSessionsOf))(actor, person.id)

    ended = _run(profile, act)
    click.echo(msgspec.json.encode({"ended": ended}) if as_json else f"ended {ended} sessions")


@user.command()
@login_argument
@profile_option
@json_option
def sessions(login: str, profile: str | None, as_json: bool) -> None:
    """List sessions of LOGIN, newest first, and why each ended; 200 at most."""

    async def act(actor: Actor, container: AsyncContainer) -> list[SessionView]:
        person = await _found(actor, container, login)
        return (await (await container.get(ListSessionsOf))(actor, person.id, limit=PAGE)).items

    found = _run(profile, act)
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for each in found:
        state = each.end_reason.value if each.end_reason else "live"
        used = f"{each.used_at:%Y-%m-%d %H:%M}"
        click.echo(f"{each.id}  {each.kind.value:<13} {state:<16} {used}  {each.address or '-':<15} {each.agent}")


@user.command("reset-password-link")
@login_argument
@profile_option
@json_option
def reset_password_link(login: str, profile: str | None, as_json: bool) -> None:
    """Print a link with which LOGIN sets another password: once, within an hour. It is shown nowhere else."""

    async def act(actor: Actor, container: AsyncContainer) -> str:
        person = await _found(actor, container, login)
        path = await (await container.get(LinkToReset))(actor, person.id)
        return f"{(await container.get(Settings)).public_url}{path}"

    link = _run(profile, act)
    click.echo(msgspec.json.encode({"link": link}) if as_json else link)


def _set_status(profile: str | None, login: str, status: AccountStatus, reason: str, *, as_json: bool) -> None:
    async def act(actor: Actor, container: AsyncContainer) -> PersonView:
        person = await _found(actor, container, login)
        return await (await container.get(ChangeStatus))(actor, person.id, status=status, reason=reason)

    _show([_run(profile, act)], as_json=as_json)


async def _found(actor: Actor, container: AsyncContainer, login: str) -> PersonView:
    people = await (await container.get(ListPeople))(actor, text=login, limit=PAGE)
    for person in people.items:
        if login.casefold() in {name.casefold() for name in (person.email, person.username, person.phone) if name}:
            return person
    raise FaultError([Fault(f"there is no account {login}", "this database", "./soty user list")])


def _password() -> str:
    """Never from the command line, where others see it and a shell remembers it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _run(profile: str | None, act: Callable[[Actor, AsyncContainer], Awaitable[T]]) -> T:
    async def work() -> T:
        async with inside(profile, "user") as (_, container):
            try:
                return await act(system_actor(f"cli:{getuser()}"), container)
            except Unavailable:
                raise
            except SotyError as error:
                raise FaultError([_fault(error)]) from error

    return asyncio.run(work())


def _fault(error: SotyError) -> Fault:
    if isinstance(error, WrongFields):
        told = "; ".join(field_text(DEFAULT, each["code"], each["params"]) for each in error.errors)
        return Fault(f"refused: {told}", "what was typed", "type another one")
    text = error_text(DEFAULT, error.code, error.params)
    return Fault(text.detail, error.code, "./soty user --help")


def _show(people: list[PersonView], *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(people))
        return
    for person in people:
        names = ", ".join(name for name in (person.email, person.username, person.phone) if name)
        roles = ",".join(person.roles) or "-"
        click.echo(f"{person.id}  {person.status:<8} {roles:<20} {names}")
