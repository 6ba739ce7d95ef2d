"""An archive is taken whole, as it was written, or not at all."""

import hashlib
import io
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from entrypoints.cli.archive import (
    DATABASE,
    FORMAT,
    MANIFEST,
    SEAL,
    ArchiveError,
    Manifest,
    manifest_of,
    mark,
    pack,
    unpack,
    verified_at,
)
from entrypoints.cli.backup import Listed
from entrypoints.cli.containers.backups import Content

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
DUMP = bytes(range(256)) * 100


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of a dump and a file."""
    dump, photo = tmp_path / "dump", tmp_path / "photo"
    dump.write_bytes(DUMP)
    photo.write_bytes(b"photo")
    file = tmp_path / "soty-1.tar"
    made = pack(file, Manifest(FORMAT, "1", AT, Content(18, {}, {}), {}), {DATABASE: dump, "files/a/photo": photo})
    assert manifest_of(file) == made
    return file


def unpacked(archive: Path) -> Manifest:
    folder = archive.with_name("unpacked")
    folder.mkdir()
    return unpack(archive, folder)


def sealed(archive: Path, change: Callable[[tarfile.TarFile], None], *, without: str = "") -> None:
    """Write the archive again as somebody would who knows the form: with other members, and a seal that fits."""
    content = io.BytesIO()
    with tarfile.open(archive) as old, tarfile.open(fileobj=content, mode="w") as new:
        for info in old:
            if info.name != without:
                new.addfile(info, old.extractfile(info))
        change(new)
    raw = content.getvalue()
    archive.write_bytes(raw + hashlib.sha256(raw).hexdigest().encode() + b"\n")


def added(name: str, kind: bytes = tarfile.REGTYPE) -> Callable[[tarfile.TarFile], None]:
    def add(tar: tarfile.TarFile) -> None:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        info.size = 1 if kind == tarfile.REGTYPE else 0
        tar.addfile(info, io.BytesIO(b"x"))

    return add


def test_what_was_packed_is_unpacked(archive: Path) -> None:
    assert set(unpacked(archive).members) == {DATABASE, "files/a/photo"}
    assert archive.with_name("unpacked").joinpath(DATABASE).read_bytes() == DUMP
    assert archive.with_name("unpacked").joinpath("files/a/photo").read_bytes() == b"photo"
    assert archive.stat().st_mode & 0o777 == 0o600


def test_every_flipped_byte_is_seen(archive: Path) -> None:
    raw = archive.read_bytes()
    places = [*range(0, len(raw), 997), 0, 511, len(raw) - SEAL - 1, len(raw) - SEAL, len(raw) - 1]
    for place in places:
        archive.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        with pytest.raises(ArchiveError, match="was changed, or cut short"):
            unpack(archive, archive.with_name("never"))


@pytest.mark.parametrize("length", [0, 10, SEAL, 512, 10_000, -SEAL, -1])
def test_a_cut_is_seen(archive: Path, length: int) -> None:
    archive.write_bytes(archive.read_bytes()[:length])
    with pytest.raises(ArchiveError):
        unpacked(archive)
    if 0 <= length <= 512:
        with pytest.raises(ArchiveError):
            manifest_of(archive)


@pytest.mark.parametrize(
    "name, kind",
    [
        ("stranger", tarfile.REGTYPE),
        ("files/stranger", tarfile.REGTYPE),
        ("files/../../stranger", tarfile.REGTYPE),
        ("/etc/stranger", tarfile.REGTYPE),
        (DATABASE, tarfile.REGTYPE),
        ("files/a/photo", tarfile.SYMTYPE),
        ("files/link", tarfile.SYMTYPE),
        ("files/device", tarfile.CHRTYPE),
    ],
)
def test_a_foreign_member_is_seen(archive: Path, name: str, kind: bytes) -> None:
    sealed(archive, added(name, kind))
    with pytest.raises(ArchiveError, match="does not belong there"):
        unpacked(archive)
    assert not archive.with_name("stranger").exists()


@pytest.mark.parametrize("name", ["files/../../stranger", "files/..", "/etc/stranger", "files//../x", "other/x"])
def test_a_way_out_is_seen_though_the_manifest_names_it(archive: Path, tmp_path: Path, name: str) -> None:
    dump = tmp_path / "dump"
    archive.unlink()
    pack(archive, Manifest(FORMAT, "1", AT, Content(18, {}, {}), {}), {DATABASE: dump, name: dump})
    with pytest.raises(ArchiveError, match="does not belong there"):
        unpacked(archive)


@pytest.mark.parametrize("name", [MANIFEST, DATABASE, "files/a/photo"])
def test_a_missing_member_is_seen(archive: Path, name: str) -> None:
    sealed(archive, lambda tar: None, without=name)
    with pytest.raises(ArchiveError, match=r"missing in it|does not begin with"):
        unpacked(archive)


def test_another_content_is_seen(archive: Path) -> None:
    sealed(archive, added("files/a/photo"), without="files/a/photo")
    with pytest.raises(ArchiveError, match="photo is not as it was written"):
        unpacked(archive)


@pytest.mark.parametrize("text", [b"{}", b"no", b'{"format": 9}'])
def test_another_form_is_refused(archive: Path, text: bytes) -> None:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text))
    raw = content.getvalue()
    archive.write_bytes(raw + hashlib.sha256(raw).hexdigest().encode() + b"\n")
    with pytest.raises(ArchiveError, match="cannot be read"):
        unpacked(archive)


def test_a_later_format_is_refused(archive: Path, tmp_path: Path) -> None:
    archive.unlink()
    pack(archive, Manifest(FORMAT + 1, "1", AT, Content(18, {}, {}), {}), {DATABASE: tmp_path / "dump"})
    with pytest.raises(ArchiveError, match="its format is 2"):
        unpacked(archive)


def test_a_mark_holds_for_what_was_verified(archive: Path) -> None:
    assert verified_at(archive) is None
    mark(archive, AT)
    assert verified_at(archive) == AT
    archive.write_bytes(archive.read_bytes()[:-2] + b"!\n")
    assert verified_at(archive) is None


def test_nothing_is_left_of_a_half(tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    dump.write_bytes(DUMP)
    wanted = Manifest(FORMAT, "1", AT, Content(18, {}, {}), {})
    with pytest.raises(FileNotFoundError):
        pack(tmp_path / "soty-2.tar", wanted, {DATABASE: dump, "files/gone": tmp_path / "gone"})
    assert list(tmp_path.iterdir()) == [dump]


@pytest.mark.parametrize("hours, told", [(0.5, "0.5 h old"), (47.9, "47.9 h old"), (100, "4 days old")])
def test_the_age_of_an_archive(hours: float, told: str) -> None:
    listed = Listed("soty-1.tar", 2_500_000, AT, 7)
    line = listed.line(AT + timedelta(hours=hours))
    assert told in line
    assert "2.5 MB" in line
