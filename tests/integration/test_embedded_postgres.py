"""The launcher: fresh, restarted, killed, joined."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from adapters.embedded.data_directory import postmaster
from adapters.embedded.errors import EmbeddedError
from adapters.embedded.postgres import EmbeddedPostgres

HOLD = """
import sys, time
from pathlib import Path
from adapters.embedded.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=True)
server.start()
print(server.url, flush=True)
time.sleep(600)
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A place that the account of the server can enter, which pytest's own is not when root runs it."""
    with TemporaryDirectory(prefix="soty-tests-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "postgres"


def hold(data_dir: Path) -> subprocess.Popen[str]:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", HOLD, data_dir], stdout=subprocess.PIPE, text=True, env=environ)


def vanish(*paths: Path, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while any(path.exists() for path in paths) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(path.exists() for path in paths)


async def test_data_survives_a_restart(data_dir: Path) -> None:
    async with EmbeddedPostgres(data_dir, durable=False, options={"work_mem": "5MB"}) as server:
        server.query("CREATE TABLE kept AS SELECT 7 AS n", "soty")
        assert server.query("SHOW work_mem") == "5MB"
        assert server.query("SHOW timezone") == "UTC"
        assert server.query("SHOW fsync") == "off"
    assert postmaster(data_dir) is None
    async with EmbeddedPostgres(data_dir) as server:
        assert server.query("SELECT n FROM kept", "soty") == "7"
        assert server.query("SHOW fsync") == "on"
        assert server.version >= 15


def test_kill_9_leaves_nothing_running_and_keeps_the_data(data_dir: Path) -> None:
    starter = hold(data_dir)
    assert starter.stdout is not None
    url = starter.stdout.readline().strip()
    live = postmaster(data_dir)
    assert live is not None
    joined = EmbeddedPostgres(data_dir)
    joined.start()
    assert joined.url == url
    joined.query("CREATE TABLE kept AS SELECT 7 AS n", "soty")
    joined.stop()
    assert postmaster(data_dir) == live

    starter.kill()
    starter.wait()
    starter.stdout.close()

    assert vanish(Path(f"/proc/{live.pid}"), live.socket_dir)
    server = EmbeddedPostgres(data_dir)
    server.start()
    assert server.query("SELECT n FROM kept", "soty") == "7"
    server.stop()


def test_a_killed_server_is_started_anew(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, durable=False)
    server.start()
    live = postmaster(data_dir)
    assert live is not None
    os.kill(live.pid, signal.SIGKILL)
    assert vanish(Path(f"/proc/{live.pid}"))
    server.stop()
    assert (data_dir / "postmaster.pid").exists()
    server.start()
    assert server.query("SELECT 1") == "1"
    server.stop()


def test_an_unfinished_initdb_is_thrown_away(data_dir: Path) -> None:
    half = data_dir.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    server = EmbeddedPostgres(data_dir, durable=False)
    server.start()
    assert server.query("SELECT 1") == "1"
    server.stop()
    assert not half.exists()


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, durable=False, options={"shared_buffers": "nonsense"})
    with pytest.raises(EmbeddedError, match="nonsense"):
        server.start()


def test_wrong_programs_are_refused(data_dir: Path) -> None:
    with pytest.raises(EmbeddedError, match="SOTY_POSTGRES_BIN"):
        EmbeddedPostgres(data_dir, binaries=Path("/nonexistent")).start()


def test_data_of_an_unknown_version_is_refused(data_dir: Path) -> None:
    data_dir.mkdir(parents=True)
    (data_dir / "PG_VERSION").write_text("9")
    with pytest.raises(EmbeddedError, match="PostgreSQL 9"):
        EmbeddedPostgres(data_dir).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps data where the server cannot go: run as root")
def test_data_in_a_closed_directory_moves_where_the_server_can_go(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    server.start()
    assert server.data_dir.is_relative_to("/var/lib/soty")
    assert server.query("SELECT 1") == "1"
    server.stop()
    shutil.rmtree(server.data_dir.parent)


def test_a_copy_of_a_template_is_quick_and_whole(postgres_server: EmbeddedPostgres) -> None:
    postgres_server.create_database("copied_from")
    postgres_server.query("CREATE TABLE t AS SELECT 1 AS n", "copied_from")
    assert postgres_server.create_database("copied_to", "copied_from") == postgres_server.url_of("copied_to")
    assert postgres_server.query("SELECT n FROM t", "copied_to") == "1"
    with pytest.raises(EmbeddedError, match="already exists"):
        postgres_server.create_database("copied_to")
