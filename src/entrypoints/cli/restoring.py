"""An archive is restored into a database beside the one that is there, and compared with what was backed up."""

import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from entrypoints.cli.archive import DATABASE, FILES, ArchiveError, Manifest, unpack
from entrypoints.cli.containers import backups
from entrypoints.cli.database import database
from entrypoints.shared.fault import Fault, FaultError
from entrypoints.shared.runfile import read_run
from entrypoints.shared.settings import Settings

GUIDE = "docs/guides/backup.md"
ANOTHER = "take another archive: ./soty backup list"


async def verify(file: Path, profile: str | None) -> Manifest:
    """Restore an archive into a scratch database, compare it and drop it.

    :raises FaultError: the archive is not whole, or what was restored differs.
    """
    with _unpacked(file) as (folder, manifest):
        async with database(profile) as made, _restored(made.settings, folder, manifest, file):
            return manifest


async def restore(file: Path, profile: str | None, *, replace: bool) -> tuple[Manifest, str | None]:
    """Put an archive in place of the database and the files.

    :param replace: whether data may be there; its database then gets another name.
    :returns: what the archive says of itself, and that name.
    :raises FaultError: as :func:`verify`; processes run; there is data, and it is not to be replaced.
    """
    with _unpacked(file) as (folder, manifest):
        async with database(profile) as made:
            aside = await _refuse_or_name_aside(made.settings, manifest, file, replace=replace)
            async with _restored(made.settings, folder, manifest, file) as name:
                await backups.put_in_place(address(made.settings), name, aside)
            _put_files(folder / FILES, made.settings.app.data_dir)
            return manifest, aside


def address(settings: Settings) -> str:
    """Where the database is, with the password."""
    assert settings.postgres.url is not None
    return settings.postgres.url.reveal()


@contextmanager
def _unpacked(file: Path) -> Iterator[tuple[Path, Manifest]]:
    beside = file.absolute().parent
    with TemporaryDirectory(prefix=".reading-", dir=beside if os.access(beside, os.W_OK) else None) as place:
        try:
            manifest = unpack(file, Path(place))
        except ArchiveError as error:
            raise FaultError([Fault(f"this is no whole backup: {error}", str(file), ANOTHER, GUIDE)]) from error
        yield Path(place), manifest


@asynccontextmanager
async def _restored(settings: Settings, folder: Path, manifest: Manifest, file: Path) -> AsyncIterator[str]:
    made_by, here = manifest.content.postgres, await backups.server_major(address(settings))
    if made_by > here:
        told = f"the archive is of PostgreSQL {made_by}, and this server is {here}"
        raise FaultError(
            [Fault(told, str(settings.postgres.url), f"restore it on PostgreSQL {made_by} or newer", GUIDE)]
        )
    name = f"soty_restored_{secrets.token_hex(4)}"
    async with backups.restored(address(settings), settings.embedded.postgres_bin, folder / DATABASE, name) as url:
        found = manifest.content.differences(await backups.content(url))
        if found:
            faults = [Fault(f"restored, and not the same: {line}", str(file), ANOTHER, GUIDE) for line in found]
            raise FaultError(faults)
        yield name


async def _refuse_or_name_aside(settings: Settings, manifest: Manifest, file: Path, *, replace: bool) -> str | None:
    """Refuse to restore where it is not safe; else the name that a database with data is to get."""
    where = str(settings.postgres.url)
    if unknown := backups.unknown_revisions(manifest.content.revisions.values()):
        told = f"the archive was made by a newer version, with {', '.join(unknown)}"
        raise FaultError([Fault(told, str(file), "restore it with the version that ./soty backup list tells", GUIDE)])
    running = [f"soty up, process {run.pid}"] if (run := read_run(settings.app.data_dir)) else []
    if busy := running + await backups.others(address(settings)):
        raise FaultError([Fault(f"still at work: {', '.join(busy)}", where, "stop every process of it first", GUIDE)])
    present = await backups.content(address(settings))
    if present.is_empty:
        return None
    if not replace:
        told = f"the database is not empty: {present.rows} rows in {len(present.tables)} tables"
        raise FaultError([Fault(told, where, "add --replace; the old database is then kept under another name", GUIDE)])
    return f"soty_before_{secrets.token_hex(4)}"


def _put_files(folder: Path, data_dir: Path) -> None:
    for source in (path for path in folder.rglob("*") if path.is_file()):
        target = data_dir / source.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f".{target.name}.half")
        shutil.move(source, half)
        half.replace(target)
