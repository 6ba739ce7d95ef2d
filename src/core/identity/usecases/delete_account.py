"""Delete one's account, take that back, and let go of what is left when the time has come."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.identity.api import AccountStatus, EndReason
from core.identity.domain.account import Account, changed
from core.identity.domain.code import Code, CodePurpose
from core.identity.domain.errors import AccountNotFound, LastOwner
from core.identity.domain.limits import CODE, count
from core.identity.domain.profile import file_of
from core.identity.domain.refusals import CodeRefused
from core.identity.events import AccountPurged
from core.identity.ports import IdentityWork
from core.identity.usecases.change_password import revoke_keys
from core.identity.usecases.forget_sessions import forget
from core.identity.usecases.send_code import Errand, Proof, SendCode, spend
from core.identity.usecases.stay_below import is_last_owner
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from core.kernel.files import FileStore
from core.kernel.ids import Ids
from core.kernel.limits import RateLimiter, network_of
from core.kernel.work import OpenWork, again_if_contended

UNDO_PAGE = "/undo-deletion"
REPENTANCE = timedelta(days=14)
"""How long a person can take back that it deleted its account."""

MOST = 100
"""How many accounts go in one sweep; the next one goes on."""


@dataclass(frozen=True, slots=True)
class DeleteAccount:
    """Delete one's own account: it can be used no more, and in fourteen days nothing of it is left."""

    work: OpenWork[IdentityWork]
    send: SendCode
    cache: Cache

    async def __call__(self, actor: Actor) -> datetime:
        """Delete it, end all sessions and drop all API keys; a letter tells how to take it back.

        :returns: when its data goes.
        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises ProofNeeded: the last proof is older than ten minutes.
        :raises AccountNotFound: its data is gone.
        :raises LastOwner: nobody else is an owner who can sign in.
        """
        now = self.send.clock.now()
        account_id = actor.require_proof(now, even_limited=True)

        async def attempt() -> tuple[list[UUID], list[str]]:
            async with self.work() as work:
                is_last = await is_last_owner(work, account_id)
                account = await work.accounts.lock(account_id)
                if account is None:
                    raise AccountNotFound(id=str(account_id))
                if is_last:
                    raise LastOwner
                return await self._delete(work, actor, account, now + REPENTANCE)

        await forget(self.cache, self.work, *await again_if_contended(attempt))
        return now + REPENTANCE

    async def _delete(
        self, work: IdentityWork, actor: Actor, account: Account, at: datetime
    ) -> tuple[list[UUID], list[str]]:
        version = account.authz_version + 1
        await work.accounts.save(changed(account, status=AccountStatus.DELETED, delete_at=at, authz_version=version))
        ended = await work.sessions.end(account.id, EndReason.REVOKED, self.send.clock.now())
        revoked = await revoke_keys(work, account.id)
        if account.email is not None:
            await self.send(actor, work, _errand(account, account.email, at))
        else:
            await work.codes.put(self._unsent(account, at))
        entry = act_of(actor, "identity.account.delete", account.id, self.send.ids, self.send.clock, api_keys=revoked)
        await work.audit.record([entry])
        return ended, revoked

    def _unsent(self, account: Account, at: datetime) -> Code:
        """What shows that the owner deleted the account, where no letter can."""
        return Code(
            id=self.send.ids.new(),
            purpose=CodePurpose.UNDO_DELETION,
            target=str(account.id),
            created_at=self.send.clock.now(),
            expires_at=at,
            account_id=account.id,
            bound_to=at.isoformat(),
        )


def _errand(account: Account, email: str, at: datetime) -> Errand:
    return Errand(
        letter="identity.deletion_scheduled",
        purpose=CodePurpose.UNDO_DELETION,
        to=email,
        language=account.language,
        target=email,
        account_id=account.id,
        path=UNDO_PAGE,
        digits=False,
        lifetime=REPENTANCE,
        params={"delete_at": at.isoformat()},
        bound_to=at.isoformat(),
    )


@dataclass(frozen=True, slots=True)
class UndoDeletion:
    """Take back that an account was deleted, by the link of the letter; nobody is signed in by it."""

    work: OpenWork[IdentityWork]
    limiter: RateLimiter
    send: SendCode

    async def __call__(self, actor: Actor, token: str) -> None:
        """Take it back.

        :raises Limited: too many tries.
        :raises CodeRefused: not the right one, used, too old, or somebody else deleted the account since.
        """
        await count(self.limiter, CODE, network_of(actor.origin.address))
        if not await again_if_contended(lambda: self._undo(actor, token)):
            raise CodeRefused

    async def _undo(self, actor: Actor, token: str) -> bool:
        now = self.send.clock.now()
        async with self.work() as work:
            used = await spend(work, self.send.mint, CodePurpose.UNDO_DELETION, Proof(token), now)
            account = None if used is None or used.account_id is None else await work.accounts.lock(used.account_id)
            if used is None or account is None or not is_own_deletion(account, used):
                return False
            await take_back(work, account)
            entry = act_of(actor, "identity.account.undelete", account.id, self.send.ids, self.send.clock)
            await work.audit.record([entry])
            return True


def is_own_deletion(account: Account, code: Code | None) -> bool:
    """Whether it was the owner who deleted an account, and the code is of that deletion; the staff leaves none."""
    deleted = account.status is AccountStatus.DELETED and account.delete_at is not None
    return deleted and code is not None and code.bound_to == str(account.delete_at and account.delete_at.isoformat())


async def take_back(work: IdentityWork, account: Account) -> None:
    """Let a deleted account that is held be used again."""
    version = account.authz_version + 1
    await work.accounts.save(changed(account, status=AccountStatus.ACTIVE, delete_at=None, authz_version=version))


@dataclass(frozen=True, slots=True)
class PurgeAccounts:
    """Drop deleted accounts whose time has come, with all that belongs to them."""

    work: OpenWork[IdentityWork]
    files: FileStore
    clock: Clock
    ids: Ids

    async def __call__(self, actor: Actor) -> int:
        """Drop a hundred at most, each in a unit of work of its own.

        :returns: how many were dropped.
        """
        for gone in range(MOST):
            if not await again_if_contended(lambda: self._purge(actor)):
                return gone
        return MOST

    async def _purge(self, actor: Actor) -> bool:
        async with self.work() as work:
            account = await work.leavers.next(self.clock.now())
            if account is None:
                return False
            profile = await work.profiles.lock(account.id)
            await work.leavers.remove(account.id)
            await work.audit.record([act_of(actor, "identity.account.purge", account.id, self.ids, self.clock)])
            work.publish(AccountPurged(account_id=account.id))
        if profile.avatar is not None:
            with suppress(Unavailable):
                await self.files.delete([file_of(profile.avatar)])
        return True
