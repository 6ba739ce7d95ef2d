"""`soty consumer`: the Kafka consumer process alone."""

import click

from entrypoints.cli.options import host_option, i_know_option, port_option, profile_option
from entrypoints.cli.processes import run_alone
from entrypoints.consumer.main import run


@click.command()
@host_option
@port_option
@i_know_option
@profile_option
def consumer(host: str | None, port: int | None, i_know: bool, profile: str | None) -> int:
    """Run the Kafka consumer process alone; migrations are `soty db upgrade`."""
    options = {
        "SOTY_PROFILE": profile,
        "SOTY_APP_MODE": "kafka",
        "SOTY_CONSUMER_HOST": host,
        "SOTY_CONSUMER_PORT": port,
    }
    return run_alone("consumer", run, options, i_know=i_know)
