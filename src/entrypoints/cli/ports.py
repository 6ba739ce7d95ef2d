"""Free ports: the next one in dev, an error elsewhere."""

import socket

from entrypoints.shared.fault import Fault, FaultError

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
