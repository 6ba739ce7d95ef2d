"""The page of the command line, drawn from the commands themselves."""

from collections.abc import Iterator
from inspect import cleandoc

import click

from entrypoints.cli.generated.markdown import page, table
from entrypoints.cli.main import soty

ABOUT = """`./soty` makes its own environment on the first run and is the same program as `.venv/bin/soty`. Every
command takes `--help`, those that read take `--json`. What is wrong is told in one form: the error, where, and how to
mend it.

| exit code | means |
|---|---|
| 0 | done |
| 1 | failed, or something does not hold |
| 2 | wrong usage |
| 3 | wrong [settings](settings.md) |
| 4 | a needed service is down |"""


def reference() -> str:
    """The page."""
    top = click.Context(soty, info_name="soty")
    names = soty.list_commands(top)
    rows = ([f"[`{name}`](#soty-{name})", _one_line(soty.get_command(top, name))] for name in names)
    return page("Commands", ABOUT, table(["command", "does"], rows), *_each(top, soty))


def _one_line(command: click.Command | None) -> str:
    assert command is not None
    return command.get_short_help_str(200)


def _each(above: click.Context, group: click.Group) -> Iterator[str]:
    for name in group.list_commands(above):
        command = group.get_command(above, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=above)
        yield from _described(context, command)
        if isinstance(command, click.Group):
            yield from _each(context, command)


def _described(context: click.Context, command: click.Command) -> Iterator[str]:
    yield f"{'#' * (context.command_path.count(' ') + 1)} {context.command_path}"
    yield cleandoc(command.help or "")
    yield f"```text\n./{context.command_path} {' '.join(command.collect_usage_pieces(context))}\n```"
    options = (parameter for parameter in command.params if isinstance(parameter, click.Option))
    records = filter(None, (option.get_help_record(context) for option in options))
    yield table(["option", "does"], ([f"`{name}`", text] for name, text in records))
