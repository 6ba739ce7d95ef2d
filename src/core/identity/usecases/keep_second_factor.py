"""Turn a second factor on and off, and make new recovery codes."""

from dataclasses import dataclass
from uuid import UUID

import msgspec
from msgspec.structs import replace

from core.identity.domain.limits import SECOND_FACTOR, count, key_of
from core.identity.domain.totp import (
    RECOVERY_CODES,
    SecondFactorOff,
    SecondFactorOn,
    SecondFactorWrong,
    recovery_code,
    recovery_digest,
)
from core.identity.factors import CodeGenerator, Enrolment, Totp
from core.identity.ports import IdentityWork
from core.identity.secrets import Mint
from core.identity.usecases.forget_person import ForgetPerson
from core.identity.usecases.pass_second_factor import PassSecondFactor
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.limits import RateLimiter
from core.kernel.work import OpenWork


class RecoveryCodes(msgspec.Struct, frozen=True):
    """Codes that replace a lost device, each once; they are never shown again."""

    codes: list[str]


@dataclass(frozen=True, slots=True)
class StartTotp:
    """Make a generator, which is in force once a code of it was shown."""

    work: OpenWork[IdentityWork]
    generator: CodeGenerator
    clock: Clock

    async def __call__(self, actor: Actor) -> Enrolment:
        """Make a generator instead of one that was never confirmed.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: the caller has to verify an address first.
        :raises ProofNeeded: the caller proved too long ago who he is.
        :raises SecondFactorOn: one is in force.
        """
        now = self.clock.now()
        account_id = actor.require_proof(now)
        sealed = self.generator.new_secret()
        async with self.work() as work:
            account = await work.accounts.lock(account_id)
            assert account is not None
            kept = await work.factors.lock(account_id)
            if kept is not None and kept.confirmed_at is not None:
                raise SecondFactorOn
            await work.factors.put(Totp(account_id=account_id, sealed=sealed, created_at=now))
        return self.generator.enrolment(sealed, account.email or account.username or account.phone or str(account_id))


@dataclass(frozen=True, slots=True)
class ConfirmTotp:
    """Put a generator into force by a code of it."""

    work: OpenWork[IdentityWork]
    second: PassSecondFactor
    limiter: RateLimiter
    mint: Mint
    ids: Ids
    forget: ForgetPerson

    async def __call__(self, actor: Actor, code: str) -> RecoveryCodes:
        """From now on nobody signs in without a code; recovery codes replace a lost device.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: the caller has to verify an address first.
        :raises ProofNeeded: the caller proved too long ago who he is.
        :raises Limited: too many codes were tried.
        :raises SecondFactorOff: no generator was made.
        :raises SecondFactorOn: one is in force.
        :raises SecondFactorWrong: the code is not of the generator.
        """
        clock, generator = self.second.clock, self.second.generator
        now = clock.now()
        account_id = actor.require_proof(now)
        await count(self.limiter, SECOND_FACTOR, key_of(account_id, actor.origin))
        async with self.work() as work:
            kept = await work.factors.lock(account_id)
            if kept is None:
                raise SecondFactorOff
            if kept.confirmed_at is not None:
                raise SecondFactorOn
            step = generator.step(kept.sealed, code, now)
            if step is None:
                raise SecondFactorWrong
            await work.factors.put(replace(kept, confirmed_at=now, last_step=step))
            codes = await fresh_codes(work, self.mint, account_id)
            await work.audit.record([act_of(actor, "identity.second_factor.on", account_id, self.ids, clock)])
            live = await work.sessions.live(account_id)
        await self.forget(actor, account_id, live)
        return codes


@dataclass(frozen=True, slots=True)
class DisableTotp:
    """Sign in by one factor again."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    forget: ForgetPerson

    async def __call__(self, actor: Actor) -> None:
        """Drop the generator and its recovery codes.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: the caller has to verify an address first.
        :raises ProofNeeded: the caller proved too long ago who he is.
        :raises SecondFactorOff: there is none.
        """
        account_id = actor.require_proof(self.clock.now())
        async with self.work() as work:
            if await work.factors.lock(account_id) is None:
                raise SecondFactorOff
            await work.factors.remove(account_id)
            await work.audit.record([act_of(actor, "identity.second_factor.off", account_id, self.ids, self.clock)])
            live = await work.sessions.live(account_id)
        await self.forget(actor, account_id, live)


@dataclass(frozen=True, slots=True)
class RenewRecoveryCodes:
    """Make new recovery codes."""

    work: OpenWork[IdentityWork]
    mint: Mint
    clock: Clock
    ids: Ids

    async def __call__(self, actor: Actor) -> RecoveryCodes:
        """Ten codes instead of those of before.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: the caller has to verify an address first.
        :raises ProofNeeded: the caller proved too long ago who he is.
        :raises SecondFactorOff: no second factor is in force.
        """
        account_id = actor.require_proof(self.clock.now())
        async with self.work() as work:
            kept = await work.factors.lock(account_id)
            if kept is None or kept.confirmed_at is None:
                raise SecondFactorOff
            codes = await fresh_codes(work, self.mint, account_id)
            await work.audit.record([act_of(actor, "identity.recovery_codes.renew", account_id, self.ids, self.clock)])
        return codes


async def fresh_codes(work: IdentityWork, mint: Mint, account_id: UUID) -> RecoveryCodes:
    """Recovery codes that are good for an account from the commit on, instead of those of before."""
    codes = [recovery_code(mint.token()) for _ in range(RECOVERY_CODES)]
    await work.factors.set_recovery(account_id, [recovery_digest(code) for code in codes])
    return RecoveryCodes(codes)
