"""`soty new`: scaffolds that pass every check at once."""

import click

from entrypoints.cli.scaffold.module import plan_module
from entrypoints.cli.scaffold.plan import Plan

dry_run_option = click.option("--dry-run", is_flag=True, help="List the files and write nothing.")


@click.group()
def new() -> None:
    """Write the files of a new module, use case, fact or adapter."""


@new.command()
@click.argument("name")
@dry_run_option
def module(name: str, dry_run: bool) -> None:
    """A module NAME that works: rules, use cases, two adapters, routes, texts and tests."""
    _write(
        plan_module(name),
        dry_run,
        f"./soty test {name}",
        "./soty check",
        f"say what an entry is: src/core/{name}/api.py, src/core/{name}/domain/entry.py",
        "./soty up",
    )


def _write(plan: Plan, dry_run: bool, *steps: str) -> None:
    plan.refuse_overwriting()
    plan.tell()
    if dry_run:
        click.echo("nothing was written")
        return
    plan.carry_out()
    click.echo(f"{len(plan.made)} files written, {len(plan.changed)} changed; generated files are up to date\nnext:")
    for number, step in enumerate(steps, 1):
        click.echo(f"  {number}  {step}")
