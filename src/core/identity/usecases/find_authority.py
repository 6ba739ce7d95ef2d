"""Know what an account may do now, and from where."""

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from core.identity.api import AccountStatus, IdentityRules
from core.identity.domain.account import Account
from core.identity.factors import FactorReader
from core.identity.grants import Grants
from core.identity.networks import IpRuleReader
from core.kernel.actor import Actor

T = TypeVar("T")


class Authority(NamedTuple):
    """What an account may do, what it may do only once it has a second factor, and from which networks."""

    permissions: frozenset[str]
    withheld: frozenset[str]
    networks: tuple[str, ...]


class Known(msgspec.Struct, Generic[T], frozen=True, array_like=True):
    """What is known for a few seconds of a ``bearer``, a session or a key, and of the account that it belongs to."""

    bearer: T
    active: bool
    verified: bool
    permissions: frozenset[str]
    withheld: frozenset[str]
    networks: tuple[str, ...] = ()


_ENCODER = msgspec.json.Encoder()


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

    async def of_bearer(self, actor: Actor, found: tuple[object, Account] | None) -> bytes:
        """What is to be known of a bearer, ``Known`` as JSON; null where there is none.

        :param found: the bearer, and the account that it belongs to.
        """
        if found is None:
            return b"null"
        bearer, account = found
        authority = await self(actor, account.id)
        return _ENCODER.encode(Known(bearer, account.status is AccountStatus.ACTIVE, account.verified, *authority))
