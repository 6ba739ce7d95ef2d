"""A Valkey of our own, from a wheel."""

import socket
import subprocess
import sys
from pathlib import Path

from adapters.embedded.valkey import EmbeddedValkey
from tests.support.eventually import eventually

START = """
from adapters.embedded.valkey import EmbeddedValkey
server = EmbeddedValkey()
server.start()
print(server.url, flush=True)
input()
"""


def answers(path: Path) -> bool:
    """Whether a server is at a socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        try:
            asking.connect(str(path))
        except OSError:
            return False
        asking.sendall(b"PING\r\n")
        return asking.recv(16) == b"+PONG\r\n"


def place(url: str) -> Path:
    """The socket in an address."""
    return Path(url.removeprefix("unix://").strip())


async def test_starts_and_leaves_nothing() -> None:
    async with EmbeddedValkey() as server:
        path = place(server.url)
        assert answers(path)
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert not path.parent.exists()


async def test_two_are_apart() -> None:
    async with EmbeddedValkey() as one, EmbeddedValkey() as two:
        assert one.url != two.url


async def test_dies_with_the_process_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", START], stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout
        path = place(process.stdout.readline())
        assert answers(path)
        process.kill()
    await eventually(lambda: not path.parent.exists())
