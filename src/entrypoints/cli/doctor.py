"""`soty doctor`: is this machine ready?"""

import asyncio
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import click
import msgspec

from entrypoints.cli.options import json_option, profile_option, settings_of
from entrypoints.cli.ports import open_port
from entrypoints.cli.services import Line, look_at_services
from entrypoints.shared.fault import Exit, FaultError
from entrypoints.shared.runfile import Run, read_run
from entrypoints.shared.settings import ROOT, Settings

LOCK = ROOT / "requirements.lock"
FREE_MIB = 500


@click.command()
@profile_option
@json_option
def doctor(profile: str | None, as_json: bool) -> int:
    """Look at Python, packages, ports, disk, clock and every address; exit 1 when a line needs a fix."""
    settings = settings_of({"SOTY_PROFILE": profile})
    running = read_run(settings.app.data_dir)
    lines = [
        _python(),
        _packages(),
        _disk(settings),
        *_ports(settings, running),
        *asyncio.run(look_at_services(settings, running)),
    ]
    if as_json:
        click.echo(msgspec.json.encode(lines))
    else:
        for line in lines:
            click.echo(
                f"{'fix' if line.fix else 'ok':<4} {line.name:<10} {line.found}{'   → ' + line.fix if line.fix else ''}"
            )
    return Exit.FAILED if any(line.fix for line in lines) else Exit.OK


def _python() -> Line:
    fits = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Line(
        "python", f"{platform.python_version()} {sys.executable}", "" if fits else "install Python 3.11, 3.12 or 3.13"
    )


def _packages() -> Line:
    wanted = [
        line.split(" ")[0].partition("==") for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line
    ]
    wrong = [name for name, _, locked in wanted if _installed(name) not in (locked, None)]
    return Line(
        "packages", f"{len(wanted)} locked", f"rm -r .venv; ./soty version ({', '.join(wrong)} differ)" if wrong else ""
    )


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _disk(settings: Settings) -> Line:
    folder = settings.app.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 2**20
    return Line("disk", f"{free} MiB free at {folder}", "" if free >= FREE_MIB else f"free {FREE_MIB} MiB")


def _ports(settings: Settings, running: Run | None) -> Iterator[Line]:
    for name, part in (("http", settings.http), ("consumer", settings.consumer)):
        if running and name in running.ports:
            yield Line(f"{name} port", f"{running.ports[name]} served by pid {running.pid}")
            continue
        try:
            open_port(name, part.host, part.port, may_move=False).close()
        except FaultError as error:
            moves = settings.app.profile != "prod"
            yield Line(
                f"{name} port",
                error.faults[0].error + (", the next one will do" if moves else ""),
                "" if moves else error.faults[0].fix,
            )
        else:
            yield Line(f"{name} port", f"{part.port} free on {part.host}")
