"""Runs a server that ends with us: when our end of a pipe closes, also by kill -9, a shell sends it SIGINT."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from adapters.embedded.account import Account

SCRIPT = """
exec 3<&0
"$@" </dev/null 3<&- & server=$!
( read -r _ <&3; kill -INT $server ) & watcher=$!
wait $server; code=$?
kill $watcher 2>/dev/null
rmdir "$0" 2>/dev/null
exit $code
"""
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Supervised:
    """One server under a shell that watches a pipe from us."""

    def __init__(self, command: Sequence[str | Path], account: Account, log: Path, sockets: Path) -> None:
        """Start the server.

        :param command: program and arguments.
        :param account: whom it runs as.
        :param log: file for its output, written anew.
        :param sockets: directory that is removed when it is left empty.
        """
        with log.open("wb") as output:
            self._shell = subprocess.Popen(
                ["/bin/sh", "-c", SCRIPT, sockets, *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,
                **account.identity,
            )

    @property
    def ended(self) -> bool:
        """:returns: whether the server is gone."""
        return self._shell.poll() is not None

    def stop(self, seconds: float) -> bool:
        """Ask the server to stop and wait.

        :param seconds: longest wait.
        :returns: whether it is gone.
        """
        if self._shell.stdin:
            self._shell.stdin.close()
        try:
            self._shell.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def run(command: Sequence[str | Path], account: Account) -> subprocess.CompletedProcess[str]:
    """Run a short program as the account of the server.

    :param command: program and arguments.
    :param account: whom it runs as.
    :returns: its exit code and output.
    """
    return subprocess.run(
        command, check=False, capture_output=True, text=True, cwd="/", env=ENVIRONMENT, **account.identity
    )
