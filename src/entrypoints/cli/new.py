"""`soty new`: scaffolds that pass every check at once."""

import click

from entrypoints.cli.scaffold.adapter import plan_adapter
from entrypoints.cli.scaffold.module import plan_module
from entrypoints.cli.scaffold.names import snake
from entrypoints.cli.scaffold.parts import module_of, plan_fact, plan_use_case
from entrypoints.cli.scaffold.plan import Plan

dry_run_option = click.option("--dry-run", is_flag=True, help="List the files and write nothing.")


@click.group()
def new() -> None:
    """Write the files of a new module, use case, fact or adapter."""


@new.command()
@click.argument("name")
@click.option("--use", "uses", multiple=True, help="A module whose last fact it notes down, or the name of a fact.")
@dry_run_option
def module(name: str, uses: tuple[str, ...], dry_run: bool) -> None:
    """A module NAME that works: rules, use cases, two adapters, routes, texts and tests."""
    _write(
        plan_module(name, uses),
        dry_run,
        f"./soty test {name}",
        "./soty check",
        f"say what an entry is: src/core/{name}/api.py, src/core/{name}/domain/entry.py",
        "./soty up",
    )


@new.command()
@click.argument("module")
@click.argument("name")
@click.option("--permission", help="Constant of what an actor needs; unset: the last of the module's permissions.")
@dry_run_option
def usecase(module: str, name: str, permission: str | None, dry_run: bool) -> None:
    """A use case NAME, a verb phrase in snake_case, of MODULE."""
    path = f"src/core/{module}/usecases/{name}.py"
    _write(plan_use_case(module_of(module), name, permission), dry_run, f"./soty test {module}", f"write {path}")


@new.command()
@click.argument("module")
@click.argument("name")
@dry_run_option
def event(module: str, name: str, dry_run: bool) -> None:
    """A fact NAME, in the past tense, that MODULE publishes."""
    _write(
        plan_fact(module_of(module), name),
        dry_run,
        f"say what it tells: src/core/{module}/events.py, contracts/events/golden/{module}.{name}.v1.json",
        "./soty reference --write",
        "publish it: work.publish(...) in a use case",
    )


@new.command()
@click.argument("technology")
@click.option("--port", required=True, help="Name of the Protocol that it is to fulfil; ./soty adapters lists them.")
@dry_run_option
def adapter(technology: str, port: str, dry_run: bool) -> None:
    """An adapter of a port on TECHNOLOGY that is still to be written, bound to the suites of the port."""
    test, code = f"tests/contract/{technology}/test_{snake(port)}.py", f"src/adapters/{technology}/{snake(port)}.py"
    _write(
        plan_adapter(technology, port),
        dry_run,
        f"./soty test {test}   (fails, and says which promises are not kept)",
        f"write {code}, and what the suite needs in {test}",
        f"give it a src/adapters/{technology}/provider.py and name that in the container.py of a process",
    )


def _write(plan: Plan, dry_run: bool, *steps: str) -> None:
    plan.refuse_overwriting()
    plan.tell()
    if dry_run:
        click.echo("nothing was written")
        return
    plan.carry_out()
    click.echo(f"{len(plan.made)} new, {len(plan.changed)} changed; generated files are up to date\nnext:")
    for number, step in enumerate(steps, 1):
        click.echo(f"  {number}  {step}")
