"""Read from which networks an account may be used."""

from dataclasses import dataclass

from core.identity.api import IpRuleView, NetworkCheck
from core.identity.domain.networks import allowed_from
from core.identity.networks import IpRuleReader
from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ListNetworks:
    """All rules of a person."""

    rules: IpRuleReader

    async def __call__(self, actor: Actor) -> list[IpRuleView]:
        """The oldest first; none at all means everywhere.

        :raises PersonNeeded: a service asks.
        """
        return [
            IpRuleView(each.id, each.network, each.note, each.created_at)
            for each in await self.rules.rules(actor.person())
        ]


@dataclass(frozen=True, slots=True)
class CheckNetwork:
    """What the rules say of an address."""

    rules: IpRuleReader

    async def __call__(self, actor: Actor, address: str | None = None) -> NetworkCheck:
        """Whether the account may be used from there.

        :param address: None asks about the one that the call comes from.
        :raises PersonNeeded: a service asks.
        """
        known = await self.rules.rules(actor.person())
        asked = actor.origin.address if address is None else address
        return NetworkCheck(asked, allowed_from([each.network for each in known], asked), len(known))
