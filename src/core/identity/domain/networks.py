"""From which networks an account may be used."""

from collections.abc import Iterable
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from uuid import UUID

import msgspec

from core.identity.domain.errors import NetworkUnknown

MOST = 50

Network = IPv4Network | IPv6Network


class IpRule(msgspec.Struct, frozen=True, kw_only=True):
    """A network from which an account may be used; an account without any may be used from everywhere."""

    id: UUID
    account_id: UUID
    network: str
    note: str
    created_at: datetime


def network_of(text: str) -> str:
    """A network as it is kept: its first address and the length of its prefix; one address is a network too.

    :param text: like ``192.0.2.0/24``, ``192.0.2.7`` or ``2001:db8::/32``; bits behind the prefix are dropped.
    :raises NetworkUnknown: it is none.
    """
    try:
        return str(_mapped(ip_network(text.strip(), strict=False)))
    except ValueError as error:
        raise NetworkUnknown(network=text[:64]) from error


def allowed_from(networks: Iterable[str], address: str) -> bool:
    """Whether an account with these networks may be used from an address; one that cannot be read is in none.

    :param networks: as :func:`network_of` gives them; none at all allows every address.
    """
    known = [ip_network(each) for each in networks]
    if not known:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in each for each in known)


def _mapped(network: Network) -> Network:
    """An IPv6 network inside the one of mapped IPv4 addresses, as the IPv4 network that it is (RFC 4291 §2.5.5.2)."""
    if isinstance(network, IPv6Network) and network.prefixlen >= 96:
        first = network.network_address.ipv4_mapped
        if first is not None:
            return IPv4Network((first, network.prefixlen - 96))
    return network
