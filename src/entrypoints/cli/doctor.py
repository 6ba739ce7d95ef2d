"""`soty doctor`: is this machine ready?"""

import asyncio
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import click
import msgspec
from msgspec import Struct

from entrypoints.cli.options import json_option, profile_option, settings_of
from entrypoints.cli.ports import settle_port
from entrypoints.shared.fault import Exit, FaultError
from entrypoints.shared.runfile import Run, read_run
from entrypoints.shared.settings import ROOT, Settings

LOCK = ROOT / "requirements.lock"
FREE_MIB = 500
PATIENCE = 3.0


class Line(Struct, frozen=True):
    """One thing looked at; without a fix it is fine."""

    name: str
    found: str
    fix: str = ""


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
        *asyncio.run(_services(settings, running)),
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
            settle_port(f"SOTY_{name.upper()}_PORT", part.host, part.port, may_move=False, taken=set())
        except FaultError as error:
            moves = settings.app.profile != "prod"
            yield Line(
                f"{name} port",
                error.faults[0].error + (", the next one will do" if moves else ""),
                "" if moves else error.faults[0].fix,
            )
        else:
            yield Line(f"{name} port", f"{part.port} free on {part.host}")


async def _services(settings: Settings, running: Run | None) -> list[Line]:
    postgres = settings.postgres.url.reveal() if settings.postgres.url else running and running.postgres
    brokers = settings.kafka.bootstrap or (running and running.kafka)
    lines = (
        [await _reach("postgres", *_postgres_place(postgres))]
        if postgres
        else [Line("postgres", "our own, starts with ./soty up")]
    )
    if not brokers:
        return [
            *lines,
            Line(
                "kafka",
                "none in webhook_only" if settings.app.app_mode == "webhook_only" else "our own, starts with ./soty up",
            ),
        ]
    for broker in brokers.split(","):
        host, _, port = broker.rpartition(":")
        lines.append(await _reach("kafka", host, int(port)))
    return lines


def _postgres_place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    host = parts.hostname or query.get("host", ["/tmp"])[0]  # noqa: S108 - where libpq looks
    return host, parts.port or int(query.get("port", ["5432"])[0])


async def _reach(name: str, host: str, port: int) -> Line:
    started = time.monotonic()
    place = f"{host}:{port}"
    try:
        if host.startswith("/"):
            opening = asyncio.open_unix_connection(Path(host) / f".s.PGSQL.{port}")
        else:
            opening = asyncio.open_connection(host, port)
        _, writer = await asyncio.wait_for(opening, PATIENCE)
    except (OSError, TimeoutError) as error:
        return Line(
            name, f"{place} does not answer ({str(error) or 'timeout'})", f"start it, or mend SOTY_{name.upper()}_*"
        )
    writer.close()
    return Line(name, f"{place} answers in {(time.monotonic() - started) * 1000:.1f} ms")
