"""Options that many commands share."""

import os
from collections.abc import Mapping
from typing import get_args

import click

from entrypoints.shared.settings import Profile, Settings
from entrypoints.shared.settings_reader import read

profile_option = click.option(
    "--profile",
    type=click.Choice(get_args(Profile)),
    help="Set of defaults; also SOTY_PROFILE.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON.")
host_option = click.option("--host", help="Address to listen on.")
port_option = click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
i_know_option = click.option("--i-know", is_flag=True, help="Let the dev profile listen beyond loopback.")


def settings_of(options: Mapping[str, object], *, i_know: bool = False) -> Settings:
    """Read the settings with options of the command line on top.

    :param options: values by setting name; None counts as not given.
    :param i_know: lets the dev profile listen beyond loopback.
    :raises FaultError: when anything is wrong.
    """
    given = {name: str(value) for name, value in options.items() if value is not None}
    return read(os.environ, given, i_know=i_know)
