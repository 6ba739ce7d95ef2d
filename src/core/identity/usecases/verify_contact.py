"""Show that one can be reached under an address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.identity.contacts import Contacts
from core.identity.domain.account import Account, changed
from core.identity.domain.code import CodePurpose
from core.identity.domain.limits import CODE, CODE_OF, count, key_of
from core.identity.domain.names import folded
from core.identity.domain.refusals import CodeRefused
from core.identity.ports import IdentityWork
from core.identity.secrets import Mint
from core.identity.usecases.forget_sessions import forget
from core.identity.usecases.send_code import Proof, spend
from core.identity.usecases.sign_in import handle_of
from core.kernel.actor import Actor
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.limits import RateLimiter, network_of
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class VerifyContact:
    """Verify an e-mail address or a number by the link or the code that was sent there."""

    work: OpenWork[IdentityWork]
    mint: Mint
    contacts: Contacts
    limiter: RateLimiter
    clock: Clock
    cache: Cache

    async def __call__(
        self, actor: Actor, *, token: str | None = None, code: str | None = None, login: str | None = None
    ) -> None:
        """Verify one address.

        :param token: of the link; nothing else is needed then.
        :param code: six digits, with the address, or of whoever is signed in.
        :raises Limited: too many tries from here, or for this account from here.
        :raises CodeRefused: not the right one, used, replaced, tried too often, or too old.
        """
        await count(self.limiter, CODE, network_of(actor.origin.address))
        who = login or actor.account
        if token is None and who is not None:
            await count(self.limiter, CODE_OF, key_of(folded(str(who)), actor.origin))
        live = await again_if_contended(lambda: self._verify(actor, token, code, login))
        if live is None:
            raise CodeRefused
        await forget(self.cache, self.work, live)

    async def _verify(
        self, actor: Actor, token: str | None, digits: str | None, login: str | None
    ) -> list[UUID] | None:
        """The sessions of the account that was verified; None where nothing was."""
        async with self.work() as work:
            account_id = actor.account if login is None else await self._account_of(work, login)
            proof = Proof(token, digits, account_id)
            now = self.clock.now()
            for purpose in (CodePurpose.VERIFY_EMAIL, CodePurpose.VERIFY_PHONE):
                used = await spend(work, self.mint, purpose, proof, now)
                if used is not None and used.account_id is not None:
                    account = await work.accounts.lock(used.account_id)
                    verified = None if account is None else _verified(account, purpose, used.target, now)
                    if verified is not None:
                        await work.accounts.save(verified)
                        return await work.sessions.live(verified.id)
        return None

    async def _account_of(self, work: IdentityWork, login: str) -> UUID | None:
        handle = handle_of(self.contacts, login)
        account = None if handle is None else await work.accounts.find(handle)
        return None if account is None else account.id


def _verified(account: Account, purpose: CodePurpose, target: str, now: datetime) -> Account | None:
    """The account with its address verified; None where it has another by now."""
    if purpose is CodePurpose.VERIFY_EMAIL:
        return changed(account, email_verified_at=now) if account.email_key == target else None
    return changed(account, phone_verified_at=now) if account.phone == target else None
