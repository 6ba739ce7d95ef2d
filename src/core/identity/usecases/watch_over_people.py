"""Block people, let them in again, delete them, and end their sessions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.identity.api import AccountStatus, EndReason
from core.identity.domain.account import Account, changed
from core.identity.domain.errors import AccountNotFound, LastOwner
from core.identity.keys import ApiKeyReader
from core.identity.permissions import EDIT, STATUS
from core.identity.ports import IdentityWork
from core.identity.rights import PersonView, Rights, Role
from core.identity.usecases.change_password import revoke_keys
from core.identity.usecases.delete_account import REPENTANCE
from core.identity.usecases.forget_sessions import forget
from core.identity.usecases.stay_below import forget_people, is_last_owner, person_view, prove_staff, refuse_above
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """Block an account, delete it, or let it be used again."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    cache: Cache
    rights: Rights

    async def __call__(self, actor: Actor, account_id: UUID, *, status: AccountStatus, reason: str = "") -> PersonView:
        """Set the status; all sessions end with it and all API keys are gone, unless the account may be used.

        :param reason: of a block, which its owner is shown.
        :raises Forbidden: the actor may not change the status of people.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises AccountNotFound: there is none.
        :raises AboveSelf: the account may do what the actor may not.
        :raises LastOwner: nobody else is an owner who can sign in.
        """
        actor.require(STATUS)
        if status is AccountStatus.DELETED:
            actor.require(EDIT)
        prove_staff(actor, self.clock.now())

        async def attempt() -> tuple[PersonView, list[UUID], list[str]]:
            async with self.work() as work:
                shuts_out = status is not AccountStatus.ACTIVE and await is_last_owner(work, account_id)
                account, roles = await held_person(work, self.rights, actor, account_id)
                if shuts_out:
                    raise LastOwner
                return await self._set(work, actor, account, roles, status, reason)

        view, sessions, revoked = await again_if_contended(attempt)
        await forget(self.cache, self.work, sessions, revoked)
        return view

    async def _set(
        self,
        work: IdentityWork,
        actor: Actor,
        account: Account,
        roles: list[Role],
        status: AccountStatus,
        reason: str,
    ) -> tuple[PersonView, list[UUID], list[str]]:
        now = self.clock.now()
        after = changed(
            account,
            status=status,
            blocked_reason=reason if status is AccountStatus.BLOCKED else None,
            delete_at=now + REPENTANCE if status is AccountStatus.DELETED else None,
            authz_version=account.authz_version + 1,
        )
        await work.accounts.save(after)
        ended: list[UUID] = []
        revoked: list[str] = []
        if status is not AccountStatus.ACTIVE:
            ended, revoked = await end_all(work, account.id, now), await revoke_keys(work, account.id)
        details = {"before": account.status.value, "after": status.value, "reason": reason}
        await work.audit.record([act_of(actor, "identity.status", account.id, self.ids, self.clock, **details)])
        return person_view(after, roles, self.rights), ended, revoked


@dataclass(frozen=True, slots=True)
class EndSessionsOf:
    """End all sessions of somebody."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    cache: Cache
    keys: ApiKeyReader
    rights: Rights

    async def __call__(self, actor: Actor, account_id: UUID) -> int:
        """End them at once.

        :returns: how many ended.
        :raises Forbidden: the actor may not change the status of people.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises AccountNotFound: there is none.
        :raises AboveSelf: the account may do what the actor may not.
        """
        actor.require(STATUS)
        prove_staff(actor, self.clock.now())

        async def attempt() -> list[UUID]:
            async with self.work() as work:
                await held_person(work, self.rights, actor, account_id)
                ended = await end_all(work, account_id, self.clock.now())
                entry = act_of(actor, "identity.sessions.end", account_id, self.ids, self.clock, ended=len(ended))
                await work.audit.record([entry])
                return ended

        ended = await again_if_contended(attempt)
        await forget_people(self.cache, self.work, self.keys, [account_id], ended)
        return len(ended)


async def held_person(work: IdentityWork, rights: Rights, actor: Actor, account_id: UUID) -> tuple[Account, list[Role]]:
    """An account and its roles, held until the unit of work ends.

    :raises AccountNotFound: there is none.
    :raises AboveSelf: it may do what the actor may not.
    """
    account = await work.accounts.lock(account_id)
    if account is None:
        raise AccountNotFound(id=str(account_id))
    roles = rights.completed(await work.holders.of(account_id))
    refuse_above(actor, rights.permitted(roles))
    return account, roles


async def end_all(work: IdentityWork, account_id: UUID, now: datetime) -> list[UUID]:
    """End all sessions of a person, and those in which it acts as others; their ids."""
    own = await work.sessions.end(account_id, EndReason.ADMIN, now)
    return [*own, *await work.impersonations.end_by(account_id, now)]
