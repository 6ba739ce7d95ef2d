"""Prove again who one is, before something sensitive or with it."""

from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from core.identity.api import SessionKind, SignedIn
from core.identity.domain.account import Account
from core.identity.domain.errors import AccountNotFound, SessionNotFound
from core.identity.domain.limits import PROVE, SECOND_FACTOR, count, key_of
from core.identity.domain.passwords import composed
from core.identity.domain.refusals import WrongCredentials
from core.identity.domain.session import RefreshToken, digest
from core.identity.domain.totp import SecondFactorWrong
from core.identity.ports import AccountReader, IdentityWork
from core.identity.secrets import Mint, PasswordHasher, TokenSigner
from core.identity.usecases.begin_session import cookie_token, granted
from core.identity.usecases.forget_sessions import forget
from core.identity.usecases.pass_second_factor import PassSecondFactor
from core.kernel.actor import Actor, ProofNeeded
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.errors import Unauthenticated
from core.kernel.ids import Ids
from core.kernel.limits import RateLimiter
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class CheckPassword:
    """Find out whether whoever calls knows the password of the account."""

    reader: AccountReader
    hasher: PasswordHasher
    limiter: RateLimiter

    async def __call__(self, actor: Actor, password: str) -> Account:
        """The account, whose password it is.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises ProofNeeded: somebody acts in the name of the account.
        :raises Limited: too many tries.
        :raises WrongCredentials: another password, or the account has none.
        :raises AccountNotFound: its data is gone.
        """
        account_id = actor.person(even_limited=True)
        if actor.impersonator is not None:
            raise ProofNeeded
        await count(self.limiter, PROVE, str(account_id))
        account = await self.reader.account(account_id)
        if account is None:
            raise AccountNotFound(id=str(account_id))
        if not await self.hasher.verify(account.password_hash, composed(password)):
            raise WrongCredentials
        return account


@dataclass(frozen=True, slots=True)
class RenewTokens:
    """Give a session other tokens; those of before are worth nothing any more."""

    mint: Mint
    ids: Ids
    clock: Clock
    signer: TokenSigner

    async def __call__(self, actor: Actor, work: IdentityWork, session_id: UUID) -> SignedIn:
        """Renew all tokens of a session whose person has just proven who it is.

        :raises SessionNotFound: it has ended.
        """
        now, token = self.clock.now(), self.mint.token()
        session = await work.sessions.lock(session_id)
        if session is None or session.ending(now) is not None:
            raise SessionNotFound(id=str(session_id))
        is_cookie = session.kind is SessionKind.COOKIE
        renewed = replace(
            session,
            used_at=now,
            proven_at=now,
            token_hash=digest(cookie_token(self.mint, token)) if is_cookie else None,
            old_token_hash=None,
            rotated_at=now,
        )
        await work.sessions.save(renewed)
        await work.refresh_tokens.drop(session_id)
        await work.refresh_tokens.add(RefreshToken(hash=digest(token), session_id=session_id, created_at=now))
        return granted(renewed, token, self.mint, self.signer, self.ids, now)


@dataclass(frozen=True, slots=True)
class ProveAgain:
    """Note that whoever calls has just shown the password, so that sensitive acts are open for ten minutes."""

    work: OpenWork[IdentityWork]
    check: CheckPassword
    renew: RenewTokens
    second: PassSecondFactor
    limiter: RateLimiter
    cache: Cache

    async def __call__(self, actor: Actor, password: str) -> SignedIn:
        """Show the password.

        :returns: the session with other tokens; those of before are worth nothing any more.
        :raises Unauthenticated: nobody is known to call, or no session.
        :raises PersonNeeded: a service calls.
        :raises ProofNeeded: somebody acts in the name of the account.
        :raises Limited: too many tries.
        :raises WrongCredentials: another password.
        :raises AccountNotFound: the data of the account is gone.
        :raises SessionNotFound: the session has ended.
        """
        await self.check(actor, password)
        session_id = _session(actor)

        async def attempt() -> SignedIn:
            async with self.work() as work:
                return await self.renew(actor, work, session_id)

        renewed = await again_if_contended(attempt)
        await forget(self.cache, self.work, [session_id])
        return renewed

    async def by_code(self, actor: Actor, code: str) -> SignedIn:
        """Show the second factor instead.

        :param code: six digits of the generator, or a recovery code.
        :returns: the session with other tokens; those of before are worth nothing any more.
        :raises Unauthenticated: nobody is known to call, or no session.
        :raises PersonNeeded: a service calls.
        :raises ProofNeeded: somebody acts in the name of the account.
        :raises Limited: too many tries.
        :raises SecondFactorWrong: the code is wrong, was used before or is too old, or the account has none.
        :raises SessionNotFound: the session has ended.
        """
        account_id, session_id = actor.person(even_limited=True), _session(actor)
        if actor.impersonator is not None:
            raise ProofNeeded
        await count(self.limiter, SECOND_FACTOR, key_of(account_id, actor.origin))

        async def attempt() -> SignedIn:
            async with self.work() as work:
                if not await self.second(actor, work, account_id, code):
                    raise SecondFactorWrong
                return await self.renew(actor, work, session_id)

        renewed = await again_if_contended(attempt)
        await forget(self.cache, self.work, [session_id])
        return renewed


def _session(actor: Actor) -> UUID:
    if actor.session is None:
        raise Unauthenticated
    return actor.session
