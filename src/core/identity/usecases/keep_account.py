"""Take back that one's account was deleted where no letter is at hand."""

from dataclasses import dataclass

from core.identity.contacts import Contacts
from core.identity.domain.account import Account
from core.identity.domain.code import CodePurpose
from core.identity.domain.limits import SECOND_FACTOR, SIGN_IN, SIGN_IN_AS, SIGN_IN_FAILED, count, key_of
from core.identity.domain.names import folded
from core.identity.domain.passwords import composed
from core.identity.domain.refusals import AccountDeleted, WrongCredentials
from core.identity.domain.totp import SecondFactorWrong
from core.identity.ports import IdentityWork
from core.identity.usecases.begin_session import has_second_factor
from core.identity.usecases.delete_account import is_own_deletion, take_back
from core.identity.usecases.pass_second_factor import PassSecondFactor
from core.identity.usecases.prove_again import CheckPassword
from core.identity.usecases.sign_in import handle_of
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.ids import Ids
from core.kernel.limits import network_of
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class KeepAccount:
    """Keep one's deleted account by its password, and by its second factor where it has one; nobody is signed in."""

    work: OpenWork[IdentityWork]
    contacts: Contacts
    check: CheckPassword
    second: PassSecondFactor
    ids: Ids

    async def __call__(self, actor: Actor, login: str, password: str, *, code: str = "") -> None:
        """Take the deletion back; nothing where the account is not deleted.

        :param login: e-mail address, username, or number.
        :param code: of the second factor, or a recovery code.
        :raises Limited: too many tries from here, or for this name from here.
        :raises WrongCredentials: no such account, or another password.
        :raises SecondFactorWrong: the account has a second factor, and this is no code of it.
        :raises AccountDeleted: the staff deleted it.
        """
        handle, limiter = handle_of(self.contacts, login), self.check.limiter
        place = network_of(actor.origin.address)
        name = key_of(folded(login) if handle is None else handle.key, actor.origin)
        for limit, who in (counted := ((SIGN_IN, place), (SIGN_IN_FAILED, place), (SIGN_IN_AS, name))):
            await count(limiter, limit, who)
        account = None if handle is None else await self.check.reader.find(handle)
        right = await self.check.hasher.verify(None if account is None else account.password_hash, composed(password))
        if account is None or not right:
            raise WrongCredentials
        for limit, who in counted[1:]:
            await limiter.forgive(limit, who)
        await count(limiter, SECOND_FACTOR, key_of(account.id, actor.origin))
        if not await again_if_contended(lambda: self._keep(actor, account, code)):
            raise SecondFactorWrong

    async def _keep(self, actor: Actor, seen: Account, code: str) -> bool:
        """Whether the second factor was right too; what was tried in vain is kept."""
        async with self.work() as work:
            account = await work.accounts.lock(seen.id)
            if account is None or account.password_hash != seen.password_hash:
                raise WrongCredentials
            if await has_second_factor(work, account.id) and not await self.second(actor, work, account.id, code):
                return False
            if account.delete_at is not None:
                await self._take_back(actor, work, account)
        return True

    async def _take_back(self, actor: Actor, work: IdentityWork, account: Account) -> None:
        if not is_own_deletion(account, await work.codes.of_account(CodePurpose.UNDO_DELETION, account.id)):
            raise AccountDeleted
        await take_back(work, account)
        await work.codes.void(CodePurpose.UNDO_DELETION, account.id)
        await work.audit.record([act_of(actor, "identity.account.undelete", account.id, self.ids, self.second.clock)])
