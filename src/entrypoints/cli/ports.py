"""Ports of our parts: the next one in dev where the wished one is busy, an error elsewhere."""

import errno
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import msgspec
from msgspec import Struct

from entrypoints.shared.fault import Fault, FaultError
from entrypoints.shared.listening import listen, port_of
from entrypoints.shared.settings import Settings

TRIES = 100


class Ports(Struct, frozen=True):
    """Where parts listen: settings that name those ports, sockets by part, and a line for each that moved."""

    settings: Settings
    sockets: Mapping[str, socket.socket]
    moved: tuple[str, ...]


@contextmanager
def with_ports(settings: Settings, parts: Iterable[str]) -> Iterator[Ports]:
    """Listen for parts, so that each of them knows the ports of all: outside prod a busy one moves.

    :param settings: wished ports.
    :param parts: parts that will serve.
    :raises FaultError: when one cannot listen.
    """
    may_move, sockets, moved = settings.app.profile != "prod", dict[str, socket.socket](), list[str]()
    with ExitStack() as stack:
        for name in parts:
            part = getattr(settings, name)
            sockets[name] = stack.enter_context(open_port(name, part.host, part.port, may_move=may_move))
            port = port_of(sockets[name])
            if part.port not in (0, port):
                moved.append(f"port {part.port} is busy: {name} takes {port}")
            settings = msgspec.structs.replace(settings, **{name: msgspec.structs.replace(part, port=port)})
        yield Ports(settings, sockets, tuple(moved))


def open_port(name: str, host: str, port: int, *, may_move: bool) -> socket.socket:
    """Listen for a part.

    :param name: the part.
    :param host: address to listen on.
    :param port: the wished port; 0 takes a free one.
    :param may_move: whether the next free port will do.
    :raises FaultError: when it is busy and may not move, or the address is not of this machine.
    """
    setting = f"SOTY_{name.upper()}"
    for candidate in range(port, min(port + TRIES, 65536)) if may_move and port else [port]:
        try:
            return listen(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                fault = Fault(
                    f"{name} cannot listen on {host}:{candidate}: {error.strerror}",
                    f"{setting}_HOST={host} {setting}_PORT={port}",
                    f"export {setting}_HOST=<an address of this machine> {setting}_PORT=<a port you may use>",
                )
                raise FaultError([fault]) from error
    fix = f"export {setting}_PORT=<a free port>, or use --port"
    raise FaultError([Fault(f"port {port} is busy on {host}", f"{setting}_PORT={port}", fix)])
