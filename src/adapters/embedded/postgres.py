"""A PostgreSQL server of our own: from a directory of programs, reached by a socket, ended with this process."""

import asyncio
import fcntl
import hashlib
import shutil
import time
from collections.abc import Mapping
from io import BufferedRandom
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.embedded.account import Account, account_for, reachable_home, reachable_programs
from adapters.embedded.binaries import choose, has_lz4, major
from adapters.embedded.data_directory import end_orphan, initialise, postmaster
from adapters.embedded.errors import EmbeddedError
from adapters.embedded.supervisor import Supervised, run

DATABASE = "soty"
START_SECONDS = 30.0
STOP_SECONDS = 10.0
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """A server over one data directory; a second one over the same directory joins the first."""

    def __init__(
        self,
        data_dir: Path,
        *,
        binaries: Path | None = None,
        options: Mapping[str, str] | None = None,
        durable: bool = True,
        join: bool = True,
    ) -> None:
        """:param data_dir: where the data is kept.
        :param binaries: directory of server programs; unset: the best that is found.
        :param options: server settings beyond our own.
        :param durable: False trades safety at a power cut for speed.
        :param join: whether to use a live server that another process started.
        """
        self._wished = data_dir.absolute()
        self._setting = binaries
        self._options = dict(options or {})
        self._durable = durable
        self._join = join
        self._server: Supervised | None = None
        self._lock: BufferedRandom | None = None
        self.version = 0

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)

    @property
    def url(self) -> str:
        """:returns: address of the database `soty`."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """Address a database of this server.

        :param database: its name.
        :returns: an address for asyncpg and libpq.
        """
        return f"postgresql://soty@/{database}?host={self.socket_dir}"

    def start(self) -> None:
        """Start the server, or join a live one, and make the database `soty` if it is missing.

        :raises EmbeddedError: when there are no programs, or the server does not come up.
        """
        self._account = account_for(self._wished)
        self.data_dir = reachable_home(self._wished, self._account)
        self._account = account_for(self.data_dir)
        cache = self.data_dir.parent / "cache"
        cache.mkdir(exist_ok=True)
        found = choose(self._setting, self.data_dir)
        self._binaries = reachable_programs(found, self._account, cache)
        self.version = major(self._binaries)
        if self._take_lock():
            self._launch()
        self._make_database()

    def stop(self) -> None:
        """Stop the server if this object started it, and leave the data."""
        if self._server is not None:
            if not self._server.stop(STOP_SECONDS):
                end_orphan(self.data_dir, STOP_SECONDS)
            shutil.rmtree(self.socket_dir, ignore_errors=True)
            self._server = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def query(self, sql: str, database: str = "postgres") -> str:
        """Run one statement with psql.

        :param sql: the statement.
        :param database: where to run it.
        :returns: bare rows, one a line.
        :raises EmbeddedError: when the server refuses.
        """
        target = ["-h", str(self.socket_dir), "-U", "soty", "-d", database]
        outcome = run([self._binaries / "psql", "-XqtA", "-v", "ON_ERROR_STOP=1", *target, "-c", sql], self._account)
        if outcome.returncode:
            raise EmbeddedError(outcome.stderr.strip(), str(self.data_dir), "read the log beside the data directory")
        return outcome.stdout.strip()

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy if wanted.

        :param name: its name.
        :param template: database to copy; nobody may be connected to it.
        :returns: its address.
        """
        copy = f' TEMPLATE "{template}" STRATEGY file_copy' if template else ""
        self.query(f'CREATE DATABASE "{name}"{copy}')
        return self.url_of(name)

    def _take_lock(self) -> bool:
        """Own the data directory, or find the live server of the one who does."""
        self._lock = self.data_dir.with_name(self.data_dir.name + ".lock").open("a+b")
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                server = postmaster(self.data_dir)
                if self._join and server and server.ready:
                    self.socket_dir = server.socket_dir
                    return False
                time.sleep(0.05)
            else:
                return True
        raise EmbeddedError(
            "another process holds the data directory",
            str(self.data_dir),
            "stop the other soty, or choose SOTY_DATA_DIR",
        )

    def _launch(self) -> None:
        end_orphan(self.data_dir, STOP_SECONDS)
        initialise(self.data_dir, self._binaries, self._account, durable=self._durable)
        self.socket_dir = _socket_dir(self.data_dir, self._account)
        settings = {"shared_buffers": "128MB", "timezone": "UTC", "log_timezone": "UTC"}
        settings |= {} if self._durable else FAST
        settings |= {"wal_compression": "lz4"} if has_lz4(self._binaries) else {}
        settings |= self._options
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        places = ["-D", str(self.data_dir), "-k", str(self.socket_dir), "-h", ""]
        command = [str(self._binaries / "postgres"), *places, *arguments]
        self._log = self.data_dir.with_name(self.data_dir.name + ".log")
        self._server = Supervised(command, self._account, self._log, self.socket_dir)
        self._await_ready(self._server)

    def _await_ready(self, server: Supervised) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not server.ended:
            found = postmaster(self.data_dir)
            if found and found.ready:
                return
            time.sleep(0.01)
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        self.stop()
        raise EmbeddedError(
            f"PostgreSQL did not start: {' | '.join(lines[-3:])}",
            str(self._log),
            "mend what the log says, then start again",
        )

    def _make_database(self) -> None:
        if DATABASE not in self.query("SELECT datname FROM pg_database").splitlines():
            self.create_database(DATABASE)


def _socket_dir(data_dir: Path, account: Account) -> Path:
    """A short private directory: the path of a socket has 107 bytes at most."""
    digest = hashlib.sha256(f"{account.uid}:{data_dir}".encode()).hexdigest()[:12]
    folder = Path("/tmp") / f"soty-{digest}"  # noqa: S108 - made with mode 0700, refused when it is not ours
    account.own(folder)
    for leftover in folder.iterdir():
        leftover.unlink()
    return folder
