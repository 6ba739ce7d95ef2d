"""Keep accounts inside the networks that their owners allow."""

from collections.abc import Iterable
from uuid import UUID

from core.identity.domain.networks import allowed_from
from core.identity.domain.refusals import NetworkRefused
from core.identity.ports import IdentityWork
from core.kernel.actor import Actor


def refuse_outside(networks: Iterable[str], address: str) -> None:
    """Let a call go on only from inside.

    :param networks: of the account; none at all allows every address.
    :raises NetworkRefused: the address is in none of them.
    """
    if not allowed_from(networks, address):
        raise NetworkRefused(address=address)


async def refuse_elsewhere(work: IdentityWork, actor: Actor, account_id: UUID) -> None:
    """Let somebody go on only from where an account may be used.

    :raises NetworkRefused: it calls from elsewhere.
    """
    refuse_outside([rule.network for rule in await work.networks.of(account_id)], actor.origin.address)
