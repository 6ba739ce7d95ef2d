"""Let somebody in again whose own rules about networks shut him out."""

from dataclasses import dataclass
from uuid import UUID

from core.identity.keys import ApiKeyReader
from core.identity.permissions import STATUS
from core.identity.ports import IdentityWork
from core.identity.rights import Rights
from core.identity.usecases.stay_below import forget_people, prove_staff
from core.identity.usecases.watch_over_people import held_person
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class ClearNetworks:
    """Drop all rules of an account about networks, so that it may be used from everywhere."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    cache: Cache
    keys: ApiKeyReader
    rights: Rights

    async def __call__(self, actor: Actor, account_id: UUID) -> int:
        """Drop them.

        :returns: how many were dropped.
        :raises Forbidden: the actor may not change the status of people.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises AccountNotFound: there is none.
        :raises AboveSelf: the account may do what the actor may not.
        """
        actor.require(STATUS)
        prove_staff(actor, self.clock.now())

        async def attempt() -> tuple[int, list[UUID]]:
            async with self.work() as work:
                await held_person(work, self.rights, actor, account_id)
                gone = await work.networks.of(account_id)
                for rule in gone:
                    await work.networks.remove(rule.id)
                before = [rule.network for rule in gone]
                entry = act_of(actor, "identity.networks.clear", account_id, self.ids, self.clock, before=before)
                await work.audit.record([entry])
                return len(gone), await work.sessions.live(account_id)

        cleared, sessions = await again_if_contended(attempt)
        await forget_people(self.cache, self.work, self.keys, [account_id], sessions)
        return cleared
