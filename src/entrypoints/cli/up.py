"""`soty up`: everything in one process."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import click

from entrypoints.cli import STARTED
from entrypoints.cli.banner import Entrance, banner
from entrypoints.cli.containers.keys import with_key
from entrypoints.cli.containers.migrations import upgrade_timed
from entrypoints.cli.containers.servers import Servers, ephemeral_dir, servers
from entrypoints.cli.demo.commands import load_demo, refuse_elsewhere
from entrypoints.cli.first_owner import way_in
from entrypoints.cli.options import host_option, i_know_option, port_option, profile_option, settings_of
from entrypoints.cli.ports import with_ports
from entrypoints.cli.serving import Run, run_loop, serve, stop_on_signals
from entrypoints.consumer.main import run as run_consumer
from entrypoints.http.main import run as run_http
from entrypoints.scheduler.main import run as run_scheduler
from entrypoints.shared import runfile
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.logging import start_logging
from entrypoints.shared.settings import Settings

PARTS: dict[str, Run] = {"http": run_http, "consumer": run_consumer, "scheduler": run_scheduler}


def _words(context: click.Context, parameter: click.Parameter, value: str | None) -> set[str]:
    words = {word.strip() for word in (value or "").split(",") if word.strip()}
    if wrong := words - set(PARTS):
        raise click.BadParameter(f"{', '.join(sorted(wrong))}: parts are {', '.join(PARTS)}")
    return words


@click.command()
@click.option("--only", callback=_words, help="Parts to run, separated by commas: http, consumer, scheduler.")
@click.option("--without", callback=_words, help="Parts to leave out, separated by commas.")
@click.option("--ephemeral", is_flag=True, help="Keep data in a directory that is removed at the end.")
@click.option("--demo", is_flag=True, help="Load demo data of size s first.")
@host_option
@port_option
@i_know_option
@profile_option
def up(
    only: set[str],
    without: set[str],
    ephemeral: bool,
    demo: bool,
    host: str | None,
    port: int | None,
    i_know: bool,
    profile: str | None,
) -> int:
    """Start everything in one process; servers of our own where no address is set."""
    options = {"SOTY_PROFILE": profile, "SOTY_HTTP_HOST": host, "SOTY_HTTP_PORT": port}
    settings = settings_of(options, i_know=i_know)
    parts = _chosen(settings, only, without)
    if demo:
        refuse_elsewhere(settings)
    start_logging(settings.app)
    settings.app.data_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_alone(settings))
        settings = with_key(settings)
        running = stack.enter_context(ephemeral_dir(settings)) if ephemeral else settings
        return run_loop(_up(settings, running, parts, ephemeral=ephemeral, demo=demo))


def _chosen(settings: Settings, only: set[str], without: set[str]) -> dict[str, Run]:
    without_kafka = {"http"} if settings.app.profile == "memory" else {"http", "scheduler"}
    usual = without_kafka if settings.app.app_mode == "webhook_only" else set(PARTS)
    if clash := (only - usual) | (only & without):
        raise FaultError(
            [
                Fault(
                    f"{', '.join(sorted(clash))} cannot run here", "--only", "use SOTY_APP_MODE=kafka for the consumer"
                )
            ],
            Exit.USAGE,
        )
    return {name: run for name, run in PARTS.items() if name in (only or usual) - without}


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One `soty up` for each data directory; the kernel lets go when the process dies."""
    folder = settings.app.data_dir
    with (folder / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            run = runfile.read_run(folder)
            who = f"pid {run.pid}, {run.urls.get('http', '')}" if run else "it is still starting or stopping"
            fault = Fault(
                f"soty up already runs on {folder} ({who})",
                str(folder),
                "stop it, or export SOTY_DATA_DIR=/another/directory",
            )
            raise FaultError([fault]) from None
        yield


async def _up(settings: Settings, running: Settings, parts: dict[str, Run], *, ephemeral: bool, demo: bool) -> int:
    with stop_on_signals() as stop:
        async with servers(running, kafka="consumer" in parts, join=False, durable=not ephemeral, redis=True) as made:
            lines = list(made.lines)
            if made.settings.app.profile != "memory" and made.settings.postgres.url:
                seconds = await upgrade_timed(made.settings.postgres.url.reveal())
                lines.append(f"migrations up to date in {seconds:.1f} s")
            if demo:
                lines.append(f"demo       {await load_demo(made.settings)}")
            has_store = "http" in parts and made.settings.app.profile != "memory"
            entrance = await way_in(made.settings, demo=demo) if has_store else None
            with with_ports(made.settings, parts) as ports:
                if stop.is_set():
                    return Exit.OK
                announce = _announce(settings, ports.settings, made, [*lines, *ports.moved], entrance)
                try:
                    await serve(parts, ports, stop, announce)
                finally:
                    runfile.remove_run(settings.app.data_dir)
    return Exit.OK


def _announce(
    settings: Settings, ready: Settings, made: Servers, lines: list[str], entrance: Entrance
) -> Callable[[dict[str, str]], None]:
    def announce(said: dict[str, str]) -> None:
        run = runfile.Run(
            pid=os.getpid(),
            profile=ready.app.profile,
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
            urls={name: text for name, text in said.items() if text.startswith("http")},
            ports={name: getattr(ready, name).port for name in said},
            postgres=made.postgres,
            kafka=made.kafka,
            redis=made.redis,
        )
        runfile.write_run(settings.app.data_dir, run)
        click.echo(banner(ready, settings.app.data_dir, lines, said, time.monotonic() - STARTED, entrance))

    return announce
