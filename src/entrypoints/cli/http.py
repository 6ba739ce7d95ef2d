"""`soty http`: the HTTP process alone."""

import click

from entrypoints.cli.options import host_option, i_know_option, port_option, profile_option
from entrypoints.cli.processes import run_alone
from entrypoints.http.main import run


@click.command()
@host_option
@port_option
@i_know_option
@profile_option
def http(host: str | None, port: int | None, i_know: bool, profile: str | None) -> int:
    """Run the HTTP process alone; migrations are `soty db upgrade`."""
    options = {"SOTY_PROFILE": profile, "SOTY_HTTP_HOST": host, "SOTY_HTTP_PORT": port}
    return run_alone("http", run, options, i_know=i_know)
