"""Sign in as a user of Telegram."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.identity.api import Challenge, SessionKind, SignedIn, SignInMethod
from core.identity.domain.limits import SIGN_IN, SIGN_IN_AS, count, key_of
from core.identity.domain.telegram import TelegramNotLinked, TelegramRefused
from core.identity.ports import AccountReader
from core.identity.telegram import TelegramProof, TelegramReader, TelegramUser
from core.identity.usecases.begin_session import BeginSession
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.limits import RateLimiter, network_of


@dataclass(frozen=True, slots=True)
class SignInByTelegram:
    """Begin a session of the account that a user of Telegram belongs to."""

    proof: TelegramProof
    links: TelegramReader
    accounts: AccountReader
    limiter: RateLimiter
    clock: Clock
    begin: BeginSession

    async def __call__(self, actor: Actor, said: Mapping[str, str] | str, *, kind: SessionKind) -> SignedIn | Challenge:
        """Sign in by what Telegram says.

        :param said: the fields of the Login Widget, or ``initData`` of the Mini App.
        :param kind: how the session is to be carried.
        :raises Limited: too many from here, or for this user from here.
        :raises TelegramUnset: no bot is set up.
        :raises TelegramRefused: Telegram did not say so, or too long ago.
        :raises TelegramNotLinked: the user belongs to no account.
        :raises WrongCredentials: the password was changed in between.
        :raises AccountBlocked: the account may not be used.
        :raises AccountDeleted: it was deleted.
        :raises NetworkRefused: it may not be used from where the call comes.
        """
        await count(self.limiter, SIGN_IN, network_of(actor.origin.address))
        now = self.clock.now()
        user = self.proof.mini_app(said, now) if isinstance(said, str) else self.proof.widget(said, now)
        return await self._as(actor, user, kind, SignInMethod.TELEGRAM)

    async def by_bot(self, actor: Actor, key: str, user: TelegramUser, *, kind: SessionKind) -> SignedIn | Challenge:
        """Sign in by what our bot says.

        :param key: that the bot shares with us.
        :raises Limited: too many from here, or for this user from here.
        :raises TelegramUnset: no bot has a key.
        :raises TelegramRefused: it is another key.
        :raises TelegramNotLinked: the user belongs to no account.
        :raises WrongCredentials: the password was changed in between.
        :raises AccountBlocked: the account may not be used.
        :raises AccountDeleted: it was deleted.
        :raises NetworkRefused: it may not be used from where the call comes.
        """
        await count(self.limiter, SIGN_IN, network_of(actor.origin.address))
        if not self.proof.is_bot(key):
            raise TelegramRefused
        return await self._as(actor, user, kind, SignInMethod.BOT)

    async def _as(
        self, actor: Actor, user: TelegramUser, kind: SessionKind, method: SignInMethod
    ) -> SignedIn | Challenge:
        await count(self.limiter, SIGN_IN_AS, key_of(f"telegram:{user.id}", actor.origin))
        link = await self.links.of_user(user.id)
        account = None if link is None else await self.accounts.account(link.account_id)
        if account is None:
            raise TelegramNotLinked
        return await self.begin(actor, account, kind, method)
