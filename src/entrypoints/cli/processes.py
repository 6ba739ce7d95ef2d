"""One process part for production; in dev it starts the servers it lacks."""

from collections.abc import Mapping

import click
import msgspec

from entrypoints.cli.containers.keys import with_key
from entrypoints.cli.containers.migrations import upgrade_timed
from entrypoints.cli.containers.servers import servers
from entrypoints.cli.options import settings_of
from entrypoints.cli.ports import with_ports
from entrypoints.cli.serving import Run, run_loop, serve, stop_on_signals
from entrypoints.shared.fault import Exit
from entrypoints.shared.logging import start_logging
from entrypoints.shared.runfile import read_run
from entrypoints.shared.settings import Settings


def run_alone(name: str, run: Run, options: Mapping[str, object], *, i_know: bool) -> int:
    """Run one part until a signal.

    :param name: the part.
    :param run: its entry.
    :param options: settings of the command line.
    :param i_know: lets the dev profile listen beyond loopback.
    :returns: exit code.
    """
    settings = settings_of(options, i_know=i_know)
    start_logging(settings.app)
    return run_loop(_run(name, run, _with_running_broker(with_key(settings) if name == "http" else settings)))


def _with_running_broker(settings: Settings) -> Settings:
    found = read_run(settings.app.data_dir)
    if settings.kafka.bootstrap or not found or not found.kafka or settings.app.embedded == "never":
        return settings
    kafka = msgspec.structs.replace(settings.kafka, bootstrap=found.kafka)
    origins = {**settings.origins, "SOTY_KAFKA_BOOTSTRAP": "soty up"}
    return msgspec.structs.replace(settings, kafka=kafka, origins=origins)


async def _run(name: str, run: Run, settings: Settings) -> int:
    with stop_on_signals() as stop:
        async with servers(settings, kafka=name == "consumer", join=True) as made:
            if made.postgres:
                await upgrade_timed(made.postgres)
            with with_ports(made.settings, [name]) as ports:
                if not stop.is_set():
                    click.echo("\n".join(ports.moved), nl=bool(ports.moved))
                    await serve({name: run}, ports, stop, lambda said: click.echo(f"{name} {said[name]} ready"))
    return Exit.OK
