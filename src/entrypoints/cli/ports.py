"""Free ports: the next one in dev, an error elsewhere."""

import socket
from collections.abc import Iterable

import msgspec

from entrypoints.shared.fault import Fault, FaultError
from entrypoints.shared.settings import Settings

TRIES = 100


def settle_port(name: str, host: str, port: int, *, may_move: bool, taken: set[int]) -> int:
    """Choose the port to listen on.

    :param name: the setting that names the port.
    :param host: address to listen on.
    :param port: the wished port; 0 takes a free one.
    :param may_move: whether the next free port will do.
    :param taken: ports that this process has chosen already; the choice is added.
    :returns: a port that was free a moment ago.
    :raises FaultError: when it is busy and may not move.
    """
    candidates = range(port, min(port + TRIES, 65536)) if may_move and port else [port]
    for candidate in candidates:
        if candidate not in taken and (found := _bound(host, candidate)) is not None:
            taken.add(found)
            return found
    raise FaultError(
        [Fault(f"port {port} is busy on {host}", f"{name}={port}", f"export {name}=<a free port>, or use --port")]
    )


def with_ports(settings: Settings, parts: Iterable[str]) -> tuple[Settings, list[str]]:
    """Settle the ports of parts: outside prod a busy one moves.

    :param settings: wished ports.
    :param parts: parts that will listen.
    :returns: settings with ports that are free, and a line for each that moved.
    :raises FaultError: when a port is busy in prod.
    """
    may_move, taken, lines = settings.app.profile != "prod", set[int](), list[str]()
    for name in parts:
        part = getattr(settings, name)
        port = settle_port(f"SOTY_{name.upper()}_PORT", part.host, part.port, may_move=may_move, taken=taken)
        if part.port not in (0, port):
            lines.append(f"port {part.port} is busy: {name} takes {port}")
        settings = msgspec.structs.replace(settings, **{name: msgspec.structs.replace(part, port=port)})
    return settings, lines


def _bound(host: str, port: int) -> int | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return None
        chosen: int = probe.getsockname()[1]
        return chosen
