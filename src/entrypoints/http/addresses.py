"""Which address a request comes from, when proxies that we trust stand in front of us."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from litestar.types import Scope

FORWARDED = b"x-forwarded-for"
HOPS = 20
"""More proxies stand in front of nobody."""

Address = IPv4Address | IPv6Address


class Addresses:
    """Reads `X-Forwarded-For` from its end: every proxy adds there, and a client can write the rest itself."""

    def __init__(self, proxies: Iterable[str]) -> None:
        """:param proxies: networks, or single addresses, of proxies that we trust.
        :raises ValueError: one is neither.
        """
        self._proxies = [ip_network(text) for text in proxies]

    def of(self, scope: Scope) -> str:
        """The last address that is no proxy of ours, or the one that is connected; empty where none is."""
        peer = scope.get("client")
        at = None if peer is None else _address(peer[0])
        if at is None or not self._trusts(at):
            return "" if at is None else str(at)
        for hop in reversed(_hops(scope)):
            found = _address(hop)
            if found is None:
                break
            at = found
            if not self._trusts(at):
                break
        return str(at)

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._proxies)


def _hops(scope: Scope) -> list[str]:
    told = b",".join(value for name, value in scope["headers"] if name == FORWARDED)
    return told.decode("latin-1").rsplit(",", HOPS)[-HOPS:] if told else []


@lru_cache(4096)
def _address(text: str) -> Address | None:
    """An address as proxies write it: perhaps with a port, in brackets, in quotes, or IPv4 inside of IPv6."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
