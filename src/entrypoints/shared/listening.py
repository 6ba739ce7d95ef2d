"""Sockets that processes serve on: chosen and taken in one step, so that no other process comes between."""

import socket

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Open a socket to serve on.

    It is said to speak TCP, since asyncio turns off the delay of small packets only for sockets that say so.

    :param port: 0 takes a free one.
    :raises OSError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def port_of(listening: socket.socket) -> int:
    """:returns: the port that a socket listens on."""
    port: int = listening.getsockname()[1]
    return port


def address_of(listening: socket.socket) -> str:
    """:returns: where a client on this machine asks it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
