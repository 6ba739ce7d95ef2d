"""`soty scheduler`: the scheduler process alone."""

import click

from entrypoints.cli.options import host_option, i_know_option, port_option, profile_option
from entrypoints.cli.processes import run_alone
from entrypoints.scheduler.main import run


@click.command()
@host_option
@port_option
@i_know_option
@profile_option
def scheduler(host: str | None, port: int | None, i_know: bool, profile: str | None) -> int:
    """Run a scheduler process alone: relays and sweeps; several may run. Migrations are `soty db upgrade`."""
    options = {"SOTY_PROFILE": profile, "SOTY_SCHEDULER_HOST": host, "SOTY_SCHEDULER_PORT": port}
    return run_alone("scheduler", run, options, i_know=i_know)
