"""The data directory of a PostgreSQL server: making it whole, and who serves it now."""

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from adapters.embedded.account import Account
from adapters.embedded.errors import EmbeddedError
from adapters.embedded.supervisor import run


class Postmaster(NamedTuple):
    """What `postmaster.pid` says."""

    pid: int
    socket_dir: Path
    ready: bool


def initialise(data_dir: Path, binaries: Path, account: Account, *, durable: bool) -> None:
    """Make a data directory beside its place and move it there when it is whole, so that a killed `initdb` leaves none.

    :param data_dir: where the data will be; nothing happens when it is there.
    :param binaries: directory of server programs.
    :param account: whom the server runs as.
    :param durable: whether to flush to disk.
    :raises EmbeddedError: when `initdb` fails.
    """
    if (data_dir / "PG_VERSION").exists():
        return
    half = data_dir.with_name(data_dir.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    account.own(half)
    options = ["-U", "soty", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions"]
    outcome = run([binaries / "initdb", "-D", half, *options, *([] if durable else ["--no-sync"])], account)
    if outcome.returncode:
        raise EmbeddedError(
            f"initdb failed: {outcome.stderr.strip()}", str(data_dir), "free the disk, or remove the directory"
        )
    with suppress(FileNotFoundError):
        data_dir.rmdir()
    half.rename(data_dir)


def postmaster(data_dir: Path) -> Postmaster | None:
    """Look who serves a data directory.

    :param data_dir: the data directory.
    :returns: the live server, None when there is none; a stale pid file counts as none.
    """
    try:
        lines = (data_dir / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not _is_postgres(pid):
        return None
    folder = Path(lines[4]) if len(lines) > 4 else Path()
    return Postmaster(pid, folder, ready=len(lines) > 7 and lines[7].strip() == "ready")


def end_orphan(data_dir: Path, seconds: float) -> None:
    """End a server whose starter is gone, and remove its pid file if it was killed.

    :param data_dir: the data directory, locked by us.
    :param seconds: longest wait.
    :raises EmbeddedError: when it does not end.
    """
    deadline = time.monotonic() + seconds
    while server := postmaster(data_dir):
        with suppress(ProcessLookupError):
            os.kill(server.pid, signal.SIGINT)
        if time.monotonic() > deadline:
            raise EmbeddedError(
                "an old server does not stop", f"pid {server.pid}, {data_dir}", f"kill -QUIT {server.pid}"
            )
        time.sleep(0.05)
    with suppress(FileNotFoundError):
        (data_dir / "postmaster.pid").unlink()


def _is_postgres(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    command = Path(f"/proc/{pid}/cmdline")
    return not command.exists() or b"postgres" in command.read_bytes()
