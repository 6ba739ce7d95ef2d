"""A click group whose commands are imported only when they are asked for, so that every command starts fast."""

from collections.abc import Mapping
from importlib import import_module

import click


class LazyGroup(click.Group):
    """Finds a command by the dotted path of its module and its name there."""

    def __init__(self, *, paths: Mapping[str, tuple[str, str]], **settings: object) -> None:
        """:param paths: by command name, `module:attribute` and one line of help.
        :param settings: what click itself takes.
        """
        super().__init__(**settings)  # type: ignore[arg-type]
        self._paths = paths

    def list_commands(self, ctx: click.Context) -> list[str]:
        """:returns: names in the order they were given."""
        return list(self._paths)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command.

        :param ctx: context of click.
        :param cmd_name: its name.
        :returns: the command, None when there is none of that name.
        """
        if cmd_name not in self._paths:
            return None
        module, _, attribute = self._paths[cmd_name][0].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._paths.items()])
