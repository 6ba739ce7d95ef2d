"""`soty backup`: the database and the files of the data folder as one archive."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec

from entrypoints.cli import archive, restoring
from entrypoints.cli.archive import DATABASE, FILES, FORMAT, Manifest
from entrypoints.cli.containers import backups
from entrypoints.cli.database import database
from entrypoints.cli.options import json_option, profile_option, settings_of
from entrypoints.cli.restoring import address
from entrypoints.shared.build import RELEASE
from entrypoints.shared.fault import Fault, FaultError
from entrypoints.shared.settings import Settings

NAME = "soty-*.tar"
FOLDER = "backups"
MADE_ANEW = {FOLDER, "cache", "chaos", "kafka-jars", "postgres", "run.json"}
MADE_ANEW_ENDS = (".lock", ".log")
"""What the data folder holds that is in the dump, belongs to one run, or is fetched again."""

archive_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


class Listed(msgspec.Struct, frozen=True):
    """One archive, as `list` shows it."""

    file: str
    size: int
    created_at: datetime | None = None
    rows: int | None = None
    verified_at: datetime | None = None
    wrong: str | None = None

    def line(self, now: datetime) -> str:
        """One line of the list."""
        if self.created_at is None:
            return f"{self.file}   {_size(self.size):>9}   {self.wrong}"
        checked = "verified" if self.verified_at else "not verified"
        age = _age(now - self.created_at)
        return f"{self.file}   {_size(self.size):>9}   {age:>12}   {self.rows:>12} rows   {checked}"


@click.group()
def backup() -> None:
    """The database and the files of the data folder as one archive, checked by restoring it."""


@backup.command()
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where to; data folder/backups.")
@profile_option
@json_option
def create(folder: Path | None, profile: str | None, as_json: bool) -> None:
    """Write an archive of one moment, while others work."""
    file, manifest = asyncio.run(_create(folder, profile))
    _told(file, manifest, as_json, f"{len(manifest.content.tables)} tables, {manifest.content.rows} rows")


@backup.command(name="list")
@click.option("--from", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where; data folder/backups.")
@profile_option
@json_option
def list_archives(folder: Path | None, profile: str | None, as_json: bool) -> None:
    """Tell the age and size of each archive, and whether it was verified; newest first."""
    folder = folder or settings_of({"SOTY_PROFILE": profile}).app.data_dir / FOLDER
    found = [_listed(file) for file in sorted(folder.glob(NAME), reverse=True)]
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    now = datetime.now(UTC)
    click.echo("\n".join(each.line(now) for each in found) or f"no archives in {folder}: ./soty backup create")


@backup.command()
@archive_argument
@profile_option
@json_option
def verify(file: Path, profile: str | None, as_json: bool) -> None:
    """Restore an archive into a scratch database, compare each table with what was backed up, drop it again."""
    manifest = asyncio.run(restoring.verify(file, profile))
    with suppress(OSError):  # beside an archive that can only be read nothing is kept
        archive.mark(file, datetime.now(UTC))
    _told(file, manifest, as_json, f"restored and compared: {len(manifest.content.tables)} tables are the same")


@backup.command()
@archive_argument
@click.option("--replace", is_flag=True, help="Let it take the place of data; the old database is kept aside.")
@profile_option
@json_option
def restore(file: Path, replace: bool, profile: str | None, as_json: bool) -> None:
    """Put an archive in the place of the database and files, once it is restored beside them and compared."""
    manifest, aside = asyncio.run(restoring.restore(file, profile, replace=replace))
    kept = f"; what was there before is the database {aside}" if aside else ""
    said = f"in place: {manifest.content.rows} rows{kept}; ./soty db upgrade comes next"
    _told(file, manifest, as_json, said, kept_as=aside)


async def _create(folder: Path | None, profile: str | None) -> tuple[Path, Manifest]:
    async with database(profile) as made:
        folder = folder or made.settings.app.data_dir / FOLDER
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return await _written(made.settings, folder)
        except OSError as error:
            fault = Fault(f"the archive cannot be written: {error}", str(folder), "another folder: --to DIR")
            raise FaultError([fault]) from error


async def _written(settings: Settings, folder: Path) -> tuple[Path, Manifest]:
    now = datetime.now(UTC)
    with TemporaryDirectory(prefix=".making-", dir=folder) as place:
        dumped = Path(place) / DATABASE
        content = await backups.dump(address(settings), settings.embedded.postgres_bin, dumped)
        if content.is_empty:
            fault = Fault("the database is empty", str(settings.postgres.url), "./soty db upgrade makes tables")
            raise FaultError([fault])
        file = folder / f"soty-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}.tar"
        members = {f"{FILES}/{name}": path for name, path in _files(settings.app.data_dir, folder)}
        manifest = Manifest(FORMAT, RELEASE, now, content, {})
        return file, archive.pack(file, manifest, {DATABASE: dumped, **members})


def _files(data_dir: Path, but: Path) -> Iterator[tuple[str, Path]]:
    """Files of the data folder that nobody could make again, by their paths in it."""
    for top in sorted(data_dir.glob("*")):
        if top.name in MADE_ANEW or top.name.endswith(MADE_ANEW_ENDS) or top.name.startswith("."):
            continue
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and not path.is_symlink() and not path.resolve().is_relative_to(but.resolve()):
                yield path.relative_to(data_dir).as_posix(), path


def _listed(file: Path) -> Listed:
    size = file.stat().st_size
    try:
        manifest = archive.manifest_of(file)
    except archive.ArchiveError as error:
        return Listed(str(file), size, wrong=str(error))
    return Listed(str(file), size, manifest.created_at, manifest.content.rows, archive.verified_at(file))


def _told(file: Path, manifest: Manifest, as_json: bool, said: str, **more: str | None) -> None:
    if as_json:
        told = {"file": str(file), "size": file.stat().st_size, **msgspec.to_builtins(manifest), **more}
        click.echo(msgspec.json.encode(told))
    else:
        click.echo(f"{file}   {_size(file.stat().st_size)}   {said}")


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.1f} kB"


def _age(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours / 24:.0f} days old" if hours >= 48 else f"{hours:.1f} h old"
