"""Set another password while one is signed in."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from core.identity.api import EndReason, SignedIn
from core.identity.domain.account import Account, changed
from core.identity.domain.code import CodePurpose
from core.identity.domain.passwords import LEAST, LEAST_WITH_FACTOR, context_of
from core.identity.domain.refusals import WrongCredentials
from core.identity.ports import IdentityWork
from core.identity.usecases.accept_password import AcceptPassword
from core.identity.usecases.begin_session import has_second_factor
from core.identity.usecases.forget_sessions import forget
from core.identity.usecases.prove_again import CheckPassword, RenewTokens
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.errors import Unauthenticated
from core.kernel.work import OpenWork, again_if_contended
from core.notifications.events import LetterWanted


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Change the password of whoever knows it; all other sessions end, and links to reset it are void.

    API keys stay, as programs go by them, unless they are to go as well.
    """

    work: OpenWork[IdentityWork]
    check: CheckPassword
    accept: AcceptPassword
    renew: RenewTokens
    cache: Cache

    async def __call__(self, actor: Actor, current: str, new: str, *, revoke_api_keys: bool = False) -> SignedIn:
        """Change it.

        :param current: the password of now.
        :param revoke_api_keys: whether all keys of the account go as well.
        :returns: the session that goes on, with other tokens.
        :raises Unauthenticated: nobody is known to call, or no session.
        :raises PersonNeeded: a service calls.
        :raises ProofNeeded: somebody acts in the name of the account.
        :raises Limited: too many tries.
        :raises WrongCredentials: the password of now is another.
        :raises WrongFields: the new one is refused.
        :raises AccountNotFound: the data of the account is gone.
        :raises SessionNotFound: the session has ended.
        """
        seen = await self.check(actor, current)
        session_id = actor.session
        if session_id is None:
            raise Unauthenticated
        least = LEAST_WITH_FACTOR if await self._has_second_factor(seen) else LEAST
        kept = await self.accept(actor, new, context=context_of(seen), least=least, field="new_password")
        change = partial(self._change, actor, seen, kept, session_id, revoke_api_keys)
        renewed, ended, revoked = await again_if_contended(change)
        await forget(self.cache, self.work, [*ended, session_id], revoked)
        return renewed

    async def _has_second_factor(self, account: Account) -> bool:
        async with self.work() as work:
            return await has_second_factor(work, account.id)

    async def _change(
        self, actor: Actor, seen: Account, kept: str, session_id: UUID, revoke_api_keys: bool
    ) -> tuple[SignedIn, list[UUID], list[str]]:
        async with self.work() as work:
            account = await work.accounts.lock(seen.id)
            if account is None or account.password_hash != seen.password_hash:
                raise WrongCredentials
            await work.accounts.save(changed(account, password_hash=kept))
            renewed = await self.renew(actor, work, session_id)
            now = self.renew.clock.now()
            ended = await work.sessions.end(account.id, EndReason.PASSWORD_CHANGED, now, but=session_id)
            await work.codes.void(CodePurpose.RESET_PASSWORD, account.id)
            revoked = await revoke_keys(work, account.id) if revoke_api_keys else []
            entry = act_of(
                actor, "identity.password.change", account.id, self.renew.ids, self.renew.clock, api_keys=revoked
            )
            await work.audit.record([entry])
            tell_of_new_password(work, account)
        return renewed, ended, revoked


async def revoke_keys(work: IdentityWork, account_id: UUID) -> list[str]:
    """Drop all API keys of an account; the prefixes under which they were known."""
    return [key.prefix for key in await work.keys.revoke_all(account_id)]


def tell_of_new_password(work: IdentityWork, account: Account) -> None:
    """Write to the owner of an account that its password is another now."""
    if account.email is not None:
        work.publish(
            LetterWanted(letter="identity.password_changed", to=account.email, language=account.language, params={})
        )
