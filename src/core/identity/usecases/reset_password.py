"""Set another password when the one of before is forgotten."""

from dataclasses import dataclass
from uuid import UUID

from core.identity.api import EndReason
from core.identity.contacts import Contacts
from core.identity.domain.account import Account, changed
from core.identity.domain.code import CodePurpose
from core.identity.domain.limits import CODE, CODE_OF, count, key_of
from core.identity.domain.names import folded
from core.identity.domain.refusals import CodeRefused
from core.identity.ports import IdentityWork
from core.identity.usecases.accept_password import AcceptPassword
from core.identity.usecases.change_password import revoke_keys, tell_of_new_password
from core.identity.usecases.forget_sessions import forget
from core.identity.usecases.send_code import Proof, SendCode, spend
from core.identity.usecases.sign_in import handle_of
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.limits import RateLimiter, network_of
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """Set a new password by the link or the code of a letter; nobody is signed in by it.

    All sessions end and all API keys are gone, since somebody else may have made them.
    """

    work: OpenWork[IdentityWork]
    send: SendCode
    contacts: Contacts
    limiter: RateLimiter
    accept: AcceptPassword
    cache: Cache

    async def __call__(
        self, actor: Actor, new: str, *, token: str | None = None, code: str | None = None, login: str | None = None
    ) -> None:
        """Set it.

        :param token: of the link; nothing else is needed then.
        :param code: six digits, with the address they were sent to.
        :raises Limited: too many tries from here, or for this account from here.
        :raises WrongFields: the new password is refused; the code can be used again.
        :raises CodeRefused: not the right one, used, replaced, tried too often, or too old.
        """
        await count(self.limiter, CODE, network_of(actor.origin.address))
        if token is None and login is not None:
            await count(self.limiter, CODE_OF, key_of(folded(login), actor.origin))
        kept = await self.accept(actor, new, context=[login or ""], field="new_password")
        done = await again_if_contended(lambda: self._reset(actor, kept, token, code, login))
        if done is None:
            raise CodeRefused
        await forget(self.cache, self.work, *done)

    async def _reset(
        self, actor: Actor, kept: str, token: str | None, digits: str | None, login: str | None
    ) -> tuple[list[UUID], list[str]] | None:
        """Which sessions ended and the prefixes of the keys that are gone; None where nothing proves the right to."""
        now = self.send.clock.now()
        async with self.work() as work:
            handle = None if login is None else handle_of(self.contacts, login)
            known = None if handle is None else await work.accounts.find(handle)
            proof = Proof(token, digits, None if known is None else known.id)
            used = await spend(work, self.send.mint, CodePurpose.RESET_PASSWORD, proof, now)
            account = None if used is None or used.account_id is None else await work.accounts.lock(used.account_id)
            if used is None or account is None:
                return None
            await work.accounts.save(changed(account, password_hash=kept, **self._shown(account, used.target)))
            ended = await work.sessions.end(account.id, EndReason.PASSWORD_CHANGED, now)
            revoked = await revoke_keys(work, account.id)
            entry = act_of(
                actor, "identity.password.reset", account.id, self.send.ids, self.send.clock, api_keys=revoked
            )
            await work.audit.record([entry])
            tell_of_new_password(work, account)
        return ended, revoked

    def _shown(self, account: Account, target: str) -> dict[str, object]:
        """What using the letter has verified beside: that its reader can be reached there."""
        now = self.send.clock.now()
        if target == account.email_key and account.email_verified_at is None:
            return {"email_verified_at": now}
        return {"phone_verified_at": now} if target == account.phone and account.phone_verified_at is None else {}
