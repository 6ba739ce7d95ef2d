"""Complete a sign-in by the second factor."""

from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from core.identity.api import Challenge, SessionKind, SignedIn, SignInMethod, SignInOutcome
from core.identity.domain.account import Account
from core.identity.domain.code import Code, CodePurpose
from core.identity.domain.limits import SECOND_FACTOR, SIGN_IN, count, key_of
from core.identity.domain.refusals import WrongCredentials
from core.identity.domain.totp import ChallengeVoid, SecondFactorWrong, is_recovery_code
from core.identity.ports import IdentityWork
from core.identity.traces import attempt_of
from core.identity.usecases.begin_session import BeginSession
from core.identity.usecases.pass_second_factor import PassSecondFactor
from core.identity.usecases.send_code import link_hash
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.limits import RateLimiter, network_of
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class CompleteSignIn:
    """Begin the session for which a first factor was shown; the session is carried as it was asked for then."""

    work: OpenWork[IdentityWork]
    second: PassSecondFactor
    limiter: RateLimiter
    clock: Clock
    begin: BeginSession

    async def __call__(self, actor: Actor, token: str, code: str) -> SignedIn:
        """Complete one sign-in; a wrong code is one of five tries.

        :param token: of the challenge, which only whoever showed the first factor knows.
        :param code: six digits of the generator, or a recovery code.
        :raises Limited: too many from here, or for this account from here.
        :raises ChallengeVoid: it is unknown, used, tried too often, or older than five minutes.
        :raises SecondFactorWrong: the code is wrong, was used before or is too old.
        :raises WrongCredentials: the password was changed in between.
        :raises AccountBlocked: the account may not be used.
        :raises AccountDeleted: it was deleted.
        :raises NetworkRefused: it may not be used from where the call comes.
        """
        await count(self.limiter, SIGN_IN, network_of(actor.origin.address))
        pending = await self._pending(token)
        if pending is None or pending.account_id is None:
            raise ChallengeVoid
        account_id = pending.account_id
        await count(self.limiter, SECOND_FACTOR, key_of(account_id, actor.origin))
        account = await again_if_contended(lambda: self._pass(actor, token, account_id, code))
        if account is None:
            raise SecondFactorWrong
        begun = await self.begin(actor, account, SessionKind(pending.target), _method(code), second_factor=True)
        assert not isinstance(begun, Challenge)
        return begun

    async def _pending(self, token: str) -> Code | None:
        async with self.work() as work:
            code = await work.codes.of_link(CodePurpose.MFA_PENDING, link_hash(token))
        return code if code is not None and code.is_live(self.clock.now()) else None

    async def _pass(self, actor: Actor, token: str, account_id: UUID, code: str) -> Account | None:
        """The account whose second factor was shown; a try in vain is kept too.

        :raises ChallengeVoid: somebody was faster.
        """
        now = self.clock.now()
        async with self.work() as work:
            right = await self.second(actor, work, account_id, code)
            pending = await work.codes.of_link(CodePurpose.MFA_PENDING, link_hash(token))
            if pending is None or not pending.is_live(now):
                raise ChallengeVoid
            await work.codes.save(replace(pending, used_at=now) if right else replace(pending, tries=pending.tries + 1))
            if not right:
                in_vain = (SignInOutcome.WRONG_CODE, _method(code), account_id)
                await work.attempts.add(attempt_of(actor, self.begin.ids, now, *in_vain))
            account = await work.accounts.get(account_id)
        if account is None:
            raise WrongCredentials
        return account if right else None


def _method(code: str) -> SignInMethod:
    return SignInMethod.RECOVERY_CODE if is_recovery_code(code) else SignInMethod.TOTP
