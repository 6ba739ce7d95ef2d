"""Say from which networks an account may be used, without locking oneself out."""

from dataclasses import dataclass
from uuid import UUID

from core.identity.api import IpRuleView
from core.identity.domain.errors import AccountNotFound, IpRuleNotFound, TooManyIpRules, WouldLockYouOut
from core.identity.domain.networks import MOST, IpRule, allowed_from, network_of
from core.identity.keys import ApiKeyReader
from core.identity.ports import IdentityWork
from core.identity.usecases.stay_below import forget_people
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class AllowNetwork:
    """Allow one more network; the first rule shuts out all others."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    cache: Cache
    keys: ApiKeyReader

    async def __call__(self, actor: Actor, *, network: str, note: str = "") -> IpRuleView:
        """Keep the rule, which holds at the very next call; one for the same network again changes nothing.

        :param network: an address or a network.
        :raises PersonNeeded: a service calls.
        :raises ProofNeeded: the person proved too long ago who it is.
        :raises NetworkUnknown: it is none.
        :raises WouldLockYouOut: the caller comes from outside of all rules that there would be.
        :raises TooManyIpRules: there are 50 already.
        :raises AccountNotFound: the account is gone.
        """
        now = self.clock.now()
        owner, wanted = actor.require_proof(now), network_of(network)

        async def attempt() -> tuple[IpRuleView, list[UUID]]:
            async with self.work() as work:
                before = await _held(work, owner)
                for each in before:
                    if each.network == wanted:
                        return _view(each), []
                if len(before) >= MOST:
                    raise TooManyIpRules(max=MOST)
                _refuse_lock_out(actor, [*(each.network for each in before), wanted])
                added = IpRule(id=self.ids.new(), account_id=owner, network=wanted, note=note, created_at=now)
                await work.networks.add(added)
                await work.audit.record(
                    [act_of(actor, "identity.network.allow", owner, self.ids, self.clock, network=wanted)]
                )
                return _view(added), await work.sessions.live(owner)

        view, sessions = await again_if_contended(attempt)
        await forget_people(self.cache, self.work, self.keys, [owner], sessions)
        return view


@dataclass(frozen=True, slots=True)
class ForgetNetwork:
    """Drop a rule; after the last one the account may be used from everywhere."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    cache: Cache
    keys: ApiKeyReader

    async def __call__(self, actor: Actor, rule_id: UUID) -> None:
        """Drop it.

        :raises PersonNeeded: a service calls.
        :raises ProofNeeded: the person proved too long ago who it is.
        :raises IpRuleNotFound: the person has none of this id.
        :raises WouldLockYouOut: the caller comes from outside of all rules that would be left.
        :raises AccountNotFound: the account is gone.
        """
        owner = actor.require_proof(self.clock.now())

        async def attempt() -> list[UUID]:
            async with self.work() as work:
                before = await _held(work, owner)
                left = [each.network for each in before if each.id != rule_id]
                if len(left) == len(before):
                    raise IpRuleNotFound
                _refuse_lock_out(actor, left)
                await work.networks.remove(rule_id)
                gone = next(each.network for each in before if each.id == rule_id)
                await work.audit.record(
                    [act_of(actor, "identity.network.forget", owner, self.ids, self.clock, network=gone)]
                )
                return await work.sessions.live(owner)

        sessions = await again_if_contended(attempt)
        await forget_people(self.cache, self.work, self.keys, [owner], sessions)


def _view(rule: IpRule) -> IpRuleView:
    return IpRuleView(rule.id, rule.network, rule.note, rule.created_at)


async def _held(work: IdentityWork, owner: UUID) -> list[IpRule]:
    if await work.accounts.lock(owner) is None:
        raise AccountNotFound
    return await work.networks.of(owner)


def _refuse_lock_out(actor: Actor, networks: list[str]) -> None:
    if not allowed_from(networks, actor.origin.address):
        raise WouldLockYouOut(address=actor.origin.address)
