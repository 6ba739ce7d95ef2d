"""Backups of a real database: one moment under load, checked by restoring, put back."""

import asyncio
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import msgspec
import pytest
from click.testing import CliRunner

from adapters.embedded import binaries
from adapters.embedded.errors import EmbeddedError
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.postgres.backup import BackupError, dump, put_in_place
from adapters.postgres.migrate import upgrade
from entrypoints.cli import archive
from entrypoints.cli.archive import Manifest
from entrypoints.cli.main import soty
from entrypoints.cli.testing import OLDEST_POSTGRES
from entrypoints.shared.fault import FaultError
from entrypoints.shared.runfile import Run, write_run
from tests.support.eventually import eventually

STOCK = """INSERT INTO inventory.stock (warehouse_id, product_id, quantity)
VALUES (gen_random_uuid(), gen_random_uuid(), 7)"""
TRAIL = "INSERT INTO kernel.audit VALUES (gen_random_uuid(), '2026-11-21T12:00Z', 'somebody', 'did', 'it', '{}')"
PATIENCE = 20.0


class Soty:
    """The program on one database and one data folder."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self.url = url
        self.data_dir = data_dir
        self._environ = {"SOTY_POSTGRES_URL": url, "SOTY_DATA_DIR": str(data_dir)}

    def told(self, *words: str) -> Any:
        """What a command of `backup` writes as JSON."""
        run = CliRunner().invoke(soty, ["backup", *words, "--json"], env=self._environ, catch_exceptions=True)
        if run.exception is not None:
            raise run.exception
        return msgspec.json.decode(run.output)

    def said(self, *words: str) -> str:
        """What a command of `backup` writes for people."""
        return CliRunner().invoke(soty, ["backup", *words], env=self._environ, catch_exceptions=False).output

    def refused(self, *words: str) -> str:
        """Why a command of `backup` fails."""
        with pytest.raises(FaultError) as refused:
            self.told(*words)
        return "\n".join(fault.error for fault in refused.value.faults)

    def sql(self, *statements: str, database: str | None = None) -> Any:
        """Run statements; the first column of the last."""

        async def run() -> Any:
            connection = await asyncpg.connect(self.url, **({"database": database} if database else {}))
            try:
                found = [await connection.fetch(statement) for statement in statements]
                return [row[0] for row in found[-1]]
            finally:
                await connection.close()

        return asyncio.run(run())


@pytest.fixture
def program(fresh_postgres_url: str, tmp_path: Path) -> Soty:
    """The program on a database with a stock and a data folder with a file."""
    data_dir = tmp_path / "var"
    (data_dir / "files").mkdir(parents=True)
    (data_dir / "files" / "photo").write_text("photo")
    (data_dir / "cache").mkdir()
    (data_dir / "cache" / "fetched").write_text("again")
    (data_dir / "postgres.log").write_text("log")
    made = Soty(fresh_postgres_url, data_dir)
    made.sql(STOCK, TRAIL)
    return made


@contextmanager
def writers(program: Soty, number: int) -> Iterator[Callable[[], int]]:
    """Writers that add a stock and a line of the audit in one transaction, again and again; how often by now."""
    done, counts = threading.Event(), [0] * number

    async def write(index: int) -> None:
        connection = await asyncpg.connect(program.url)
        try:
            while not done.is_set():
                async with connection.transaction():
                    await connection.execute(STOCK)
                    await connection.execute(TRAIL)
                counts[index] += 1
        finally:
            await connection.close()

    threads = [threading.Thread(target=lambda index=index: asyncio.run(write(index))) for index in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield lambda: sum(counts)
    finally:
        done.set()
        for thread in threads:
            thread.join()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def scratch(program: Soty) -> list[str]:
    return list(program.sql("SELECT datname FROM pg_database WHERE datname LIKE 'soty_restored_%'"))


def rows(told: dict[str, Any], table: str) -> int:
    return int(told["content"]["tables"][table]["rows"])


def test_a_backup_under_load_is_of_one_moment(program: Soty) -> None:
    with writers(program, 2) as count:
        until(lambda: count() > 20)
        made = program.told("create")
        first = count()
        until(lambda: count() > first)
    assert rows(made, "inventory.stock") == rows(made, "kernel.audit") > 20
    assert program.sql("SELECT count(*) FROM inventory.stock")[0] > rows(made, "inventory.stock")
    assert program.told("verify", made["file"])["content"] == made["content"]
    assert scratch(program) == []


def test_what_was_backed_up_comes_back(program: Soty) -> None:
    made = program.told("create")
    assert list(made["members"]) == ["database.dump", "files/files/photo"]
    assert made["content"]["revisions"].keys() >= {"inventory", "kernel"}
    program.sql(STOCK, "DELETE FROM kernel.audit")
    (program.data_dir / "files" / "photo").unlink()
    assert "the database is not empty" in program.refused("restore", made["file"])
    aside = program.told("restore", made["file"], "--replace")["kept_as"]
    assert program.sql("SELECT count(*), sum(quantity) FROM inventory.stock") == [1]
    assert program.sql("SELECT count(*) FROM kernel.audit") == [1]
    assert program.sql("SELECT count(*) FROM inventory.stock", database=aside) == [2]
    assert (program.data_dir / "files" / "photo").read_text() == "photo"
    program.sql(STOCK)
    assert program.sql("SELECT max(id) - min(id) FROM inventory.stock") == [1], "identities go on"
    assert scratch(program) == []


def test_an_empty_database_is_filled_and_not_backed_up(program: Soty, postgres_server: EmbeddedPostgres) -> None:
    made = program.told("create")
    empty = Soty(postgres_server.create_database(f"{program.url.split('/')[3].split('?')[0]}_empty"), program.data_dir)
    assert empty.refused("create") == "the database is empty"
    assert empty.told("restore", made["file"])["kept_as"] is None
    assert empty.sql("SELECT quantity FROM inventory.stock") == [7]
    assert empty.sql("SELECT datname FROM pg_database WHERE datname LIKE '%_old'") == []


def test_there_may_be_no_data_folder(program: Soty, tmp_path: Path) -> None:
    elsewhere = Soty(program.url, tmp_path / "none")
    assert list(elsewhere.told("create", "--to", str(tmp_path / "to"))["members"]) == ["database.dump"]


def test_the_list_tells_what_was_verified(program: Soty) -> None:
    assert program.told("list") == []
    made = program.told("create")
    (one,) = program.told("list")
    assert (one["file"], one["rows"], one["verified_at"]) == (made["file"], archive_rows(made), None)
    program.told("verify", made["file"])
    Path(made["file"]).with_name("soty-broken.tar").write_bytes(b"nothing")
    broken, one = program.told("list")
    assert one["verified_at"] is not None
    assert broken["wrong"]


def archive_rows(made: dict[str, Any]) -> int:
    return sum(table["rows"] for table in made["content"]["tables"].values())


def test_a_damaged_archive_is_neither_verified_nor_restored(program: Soty) -> None:
    file = Path(program.told("create")["file"])
    raw = file.read_bytes()
    file.write_bytes(raw[:20_000] + bytes([raw[20_000] ^ 1]) + raw[20_001:])
    for words in (["verify", str(file)], ["restore", str(file), "--replace"]):
        assert "this is no whole backup" in program.refused(*words)
    assert archive.verified_at(file) is None
    assert program.sql("SELECT quantity FROM inventory.stock") == [7]


def repacked(file: Path, folder: Path, change: Callable[[Manifest], Manifest]) -> str:
    """Write an archive again with another manifest."""
    folder.mkdir()
    manifest = archive.unpack(file, folder)
    other = file.with_name("soty-other.tar")
    archive.pack(other, change(manifest), {name: folder / name for name in manifest.members})
    return str(other)


def test_a_database_that_differs_from_the_manifest_is_refused(program: Soty, tmp_path: Path) -> None:
    def lie(manifest: Manifest) -> Manifest:
        tables = dict(manifest.content.tables)
        tables["inventory.stock"] = msgspec.structs.replace(tables["inventory.stock"], checksum="1")
        tables["inventory.planted"] = tables["inventory.stock"]
        return msgspec.structs.replace(manifest, content=msgspec.structs.replace(manifest.content, tables=tables))

    file = repacked(Path(program.told("create")["file"]), tmp_path / "unpacked", lie)
    said = program.refused("verify", file)
    assert "inventory.stock: 1 rows with 1 became 1 rows with" in said
    assert "inventory.planted: 1 rows with 1 became nothing" in said
    assert "restored, and not the same" in program.refused("restore", file, "--replace")
    assert scratch(program) == []
    assert program.sql("SELECT quantity FROM inventory.stock") == [7]


def test_an_archive_of_a_newer_version_is_refused(program: Soty, tmp_path: Path) -> None:
    def newer(manifest: Manifest) -> Manifest:
        content = msgspec.structs.replace(manifest.content, revisions={"inventory": "inventory_9999"})
        return msgspec.structs.replace(manifest, content=content)

    file = repacked(Path(program.told("create")["file"]), tmp_path / "unpacked", newer)
    assert "made by a newer version, with inventory_9999" in program.refused("restore", file, "--replace")


def test_nothing_is_restored_under_those_who_work(program: Soty) -> None:
    made = program.told("create")
    with writers(program, 1):
        until(lambda: bool(program.sql("SELECT count(*) > 2 FROM inventory.stock")[0]))
        assert "still at work: a client of soty" in program.refused("restore", made["file"], "--replace")
    run = Run(pid=1, profile="dev", started_at="", urls={}, ports={})
    write_run(program.data_dir, run)
    assert "soty up, process 1" in program.refused("restore", made["file"], "--replace")


def test_a_dump_that_pg_restore_refuses_leaves_nothing(program: Soty, tmp_path: Path) -> None:
    file, folder = Path(program.told("create")["file"]), tmp_path / "unpacked"
    folder.mkdir()
    manifest = archive.unpack(file, folder)
    (folder / archive.DATABASE).write_bytes(b"PGDMP and nothing more")
    archive.pack(file, manifest, {name: folder / name for name in manifest.members})
    assert "pg_restore: " in program.refused("verify", str(file))
    assert scratch(program) == []


def test_what_people_read(program: Soty) -> None:
    assert program.said("list") == f"no archives in {program.data_dir}/backups: ./soty backup create\n"
    assert re.search(r"\.tar   \d+\.\d kB   \d+ tables, \d+ rows\n", program.said("create"))
    (file,) = (program.data_dir / "backups").glob("*.tar")
    assert "not verified" in program.said("list")
    assert "tables are the same" in program.said("verify", str(file))
    Path(f"{file}-broken.tar").write_bytes(b"nothing")
    broken, whole = program.said("list").splitlines()
    assert "it cannot be read" in broken
    assert "0.0 h old" in whole
    assert "verified" in whole
    assert "what was there before is the database soty_before_" in program.said("restore", str(file), "--replace")


async def test_whoever_gives_up_leaves_no_program_behind(fresh_postgres_url: str, tmp_path: Path) -> None:
    slow, started = tmp_path / "pg_dump", tmp_path / "started"
    slow.write_text(f"#!/bin/sh\necho $$ > {started}.half && mv {started}.half {started}\nexec sleep 600\n")
    slow.chmod(0o755)
    dumping = asyncio.create_task(dump(fresh_postgres_url, tmp_path, tmp_path / "dump"))
    await eventually(started.exists)
    dumping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dumping
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


def test_a_place_that_cannot_be_written_is_told(program: Soty, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "the archive cannot be written" in program.refused("create", "--to", str(tmp_path / "file" / "folder"))


def test_a_name_that_is_taken_is_told(program: Soty) -> None:
    with pytest.raises(BackupError, match="already exists"):
        asyncio.run(put_in_place(program.url, "soty", "postgres"))


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    away = Soty(f"postgresql://soty@/soty?host={tmp_path}", tmp_path)
    assert away.refused("create") == "PostgreSQL does not answer"


@pytest.fixture
def older(program: Soty) -> Iterator[Soty]:
    """The program on PostgreSQL 15."""
    with TemporaryDirectory(prefix="soty-tests-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres", binaries=OLDEST_POSTGRES, durable=False)
        server.start()
        try:
            upgrade(server.url)
            yield Soty(server.url, program.data_dir)
        finally:
            server.stop()


@pytest.mark.skipif(not (OLDEST_POSTGRES / "postgres").exists(), reason="apt install postgresql-15")
def test_an_archive_goes_to_a_newer_server_only(program: Soty, older: Soty, postgres_server: EmbeddedPostgres) -> None:
    older.sql(STOCK, TRAIL)
    made = older.told("create")
    assert made["content"]["postgres"] == 15
    assert program.told("verify", made["file"])["content"] == made["content"]
    if postgres_server.version > 15:
        newer = program.told("create")
        assert "and this server is 15" in older.refused("restore", newer["file"], "--replace")


@pytest.mark.skipif(not (OLDEST_POSTGRES / "postgres").exists(), reason="apt install postgresql-15")
def test_programs_of_the_next_version_will_do(older: Soty, monkeypatch: pytest.MonkeyPatch) -> None:
    older.sql(STOCK, TRAIL)
    packaged = [folder for folder in binaries._candidates() if binaries.major(folder) > 15]
    monkeypatch.setattr(binaries, "_candidates", lambda: iter(packaged))
    assert binaries.major(binaries.clients(None, 15), "pg_dump") == 16
    older.told("verify", older.told("create")["file"])


def test_programs_of_the_servers_version_are_needed(program: Soty, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EmbeddedError, match=r"no pg_dump and pg_restore of PostgreSQL 99 or newer were found"):
        binaries.clients(Path("/nowhere"), 99)
    monkeypatch.setattr(binaries, "major", lambda *_: 0)
    assert "no pg_dump and pg_restore" in program.refused("create")
