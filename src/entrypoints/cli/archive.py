"""A backup as one file: a tar whose last line is the SHA-256 of all bytes before it."""

import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import msgspec

from entrypoints.cli.containers.backups import Content

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database.dump", "files"
SEAL = len(hashlib.sha256().hexdigest()) + 1
PRIVATE = 0o600
MOST_OF_A_MANIFEST = 10_000_000


class ArchiveError(Exception):
    """The file is no whole backup; the text says why."""


class Member(msgspec.Struct, frozen=True):
    """One file in the archive."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What an archive says of itself: who made it and when, what is in its database, and its members."""

    format: int
    soty: str
    created_at: datetime
    content: Content
    members: dict[str, Member]


class Mark(msgspec.Struct, frozen=True):
    """That an archive was verified: its seal then, and when."""

    seal: str
    verified_at: datetime


class _Sealed(io.RawIOBase):
    """A file to write, with the SHA-256 of what was written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()


def pack(archive: Path, manifest: Manifest, members: Mapping[str, Path]) -> Manifest:
    """Write an archive in one step: it is there whole, or not at all.

    :param manifest: what it is to say of itself; its members are filled in.
    :param members: files by their names in the archive.
    :returns: the manifest as written.
    """
    whole = msgspec.structs.replace(manifest, members={name: _member(path) for name, path in members.items()})
    half = archive.with_name(f".{archive.name}.half")
    try:
        half.touch(PRIVATE, exist_ok=False)
        with half.open("wb") as file:
            sealed = _Sealed(file)
            with tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                text = msgspec.json.format(msgspec.json.encode(whole))
                _add(tar, MANIFEST, len(text), whole.created_at, io.BytesIO(text))
                for name, path in members.items():
                    with path.open("rb") as content:
                        _add(tar, name, whole.members[name].size, whole.created_at, content)
            file.write(f"{sealed.digest.hexdigest()}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        half.replace(archive)
    finally:
        half.unlink(missing_ok=True)
    return whole


def unpack(archive: Path, folder: Path) -> Manifest:
    """Check an archive and write its members into an empty folder.

    :returns: what it says of itself.
    :raises ArchiveError: a byte is not as it was written, or there is another member than the manifest names.
    """
    with _opened(archive) as tar:
        found = iter(tar)
        manifest = _manifest(tar, next(found, None))
        missing = dict(manifest.members)
        for info in found:
            member = missing.pop(info.name, None)
            if member is None or not info.isreg() or not _is_inside(info.name):
                raise ArchiveError(f"it holds {info.name!r}, which does not belong there")
            _extract(tar, info, member, folder / info.name)
    if missing or DATABASE not in manifest.members:
        raise ArchiveError(f"{next(iter(missing), DATABASE)} is missing in it")
    return manifest


def manifest_of(archive: Path) -> Manifest:
    """What an archive says of itself, without a look at the rest.

    :raises ArchiveError: it says nothing that can be read.
    """
    try:
        with tarfile.open(archive, mode="r:") as tar:
            return _manifest(tar, tar.next())
    except (OSError, tarfile.TarError) as error:
        raise ArchiveError(f"it cannot be read: {error}") from error


def seal_of(archive: Path) -> str:
    """The last line of an archive."""
    with archive.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - SEAL))
        return file.read(SEAL).decode("ascii", "replace").removesuffix("\n")


def mark(archive: Path, at: datetime) -> None:
    """Keep beside an archive that it was verified."""
    _mark_of(archive).write_bytes(msgspec.json.encode(Mark(seal_of(archive), at)))


def verified_at(archive: Path) -> datetime | None:
    """When an archive was verified, as it is now."""
    try:
        kept = msgspec.json.decode(_mark_of(archive).read_bytes(), type=Mark)
    except (OSError, msgspec.MsgspecError):
        return None
    return kept.verified_at if kept.seal == seal_of(archive) else None


def _mark_of(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}.verified")


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        if _digest(archive, archive.stat().st_size - SEAL) != seal_of(archive):
            raise ArchiveError("its last line is not the checksum of the rest: it was changed, or cut short")
        with tarfile.open(archive, mode="r:") as tar:
            yield tar
    except (OSError, tarfile.TarError, EOFError) as error:
        raise ArchiveError(f"it cannot be read: {error}") from error


def _manifest(tar: tarfile.TarFile, info: tarfile.TarInfo | None) -> Manifest:
    content = tar.extractfile(info) if info and info.name == MANIFEST and info.isreg() else None
    if info is None or content is None or info.size > MOST_OF_A_MANIFEST:
        raise ArchiveError(f"it does not begin with {MANIFEST}")
    try:
        manifest = msgspec.json.decode(content.read(), type=Manifest)
    except msgspec.MsgspecError as error:
        raise ArchiveError(f"its {MANIFEST} cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise ArchiveError(f"its format is {manifest.format}, and {FORMAT} is understood")
    return manifest


def _extract(tar: tarfile.TarFile, info: tarfile.TarInfo, member: Member, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(info)
    assert content is not None
    target.touch(PRIVATE, exist_ok=False)
    with target.open("wb") as file:
        shutil.copyfileobj(content, file)
    if _member(target) != member:
        raise ArchiveError(f"{info.name} is not as it was written")


def _is_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name == DATABASE or (len(parts) > 1 and parts[0] == FILES and ".." not in parts)


def _add(tar: tarfile.TarFile, name: str, size: int, at: datetime, content: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, PRIVATE, int(at.timestamp())
    tar.addfile(info, content)


def _member(path: Path) -> Member:
    size = path.stat().st_size
    return Member(size, _digest(path, size))


def _digest(path: Path, size: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0 and (block := file.read(min(size, 1 << 20))):
            digest.update(block)
            size -= len(block)
    return digest.hexdigest()
