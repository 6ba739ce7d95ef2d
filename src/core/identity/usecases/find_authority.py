"""Know what an account may do now, and from where."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from core.identity.api import IdentityRules
from core.identity.factors import FactorReader
from core.identity.grants import Grants
from core.identity.networks import IpRuleReader
from core.kernel.actor import Actor


class Authority(NamedTuple):
    """What an account may do, what it may do only once it has a second factor, and from which networks."""

    permissions: frozenset[str]
    withheld: frozenset[str]
    networks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindAuthority:
    """What the roles of an account allow; where staff needs a second factor, nothing without one."""

    rules: IdentityRules
    grants: Grants
    factors: FactorReader
    networks: IpRuleReader

    async def __call__(self, actor: Actor, account_id: UUID) -> Authority:
        """What one account may do.

        :param actor: whoever asks.
        """
        networks = tuple(rule.network for rule in await self.networks.rules(account_id))
        permissions = await self.grants.permissions_of(account_id)
        if permissions and self.rules.staff_second_factor:
            factor = await self.factors.second_factor(account_id)
            if not factor.enabled:
                return Authority(frozenset(), permissions, networks)
        return Authority(permissions, frozenset(), networks)
