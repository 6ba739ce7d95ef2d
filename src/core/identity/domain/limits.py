"""How often what may be tried around people."""

from ipaddress import ip_address, ip_network
from math import ceil
from uuid import UUID

from core.kernel.actor import Origin
from core.kernel.limits import Limit, Limited, RateLimiter

SECOND_FACTOR = Limit("identity.second_factor", 5, 300.0)
"""By account and network."""


def network(address: str) -> str:
    """From where somebody comes: an address of IPv4, or the network of 2⁶⁴ addresses that one of IPv6 is in."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ip_network((int(known), 64), strict=False))


def key_of(account_id: UUID, origin: Origin) -> str:
    """An account as seen from one network: who is somewhere else cannot use up its tries."""
    return f"{account_id}@{network(origin.address)}"


async def count(limiter: RateLimiter, limit: Limit, who: str) -> None:
    """Count one attempt.

    :raises Limited: it is one too many.
    """
    found = await limiter.attempt(limit, who)
    if not found.allowed:
        raise Limited(retry_after=max(1, ceil(found.retry_after)))
