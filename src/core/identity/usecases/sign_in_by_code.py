"""Sign in by a code that comes by letter."""

from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from core.identity.api import Challenge, SessionKind, SignedIn, SignInMethod, SignInOutcome
from core.identity.contacts import Contacts
from core.identity.domain.account import Account
from core.identity.domain.code import LIFETIME, Code, CodePurpose
from core.identity.domain.limits import CODE_OF, SIGN_IN, count, key_of
from core.identity.domain.names import folded
from core.identity.domain.refusals import CodeRefused
from core.identity.events import SignInCodeAsked
from core.identity.ports import IdentityWork
from core.identity.secrets import Mint
from core.identity.traces import attempt_of
from core.identity.usecases.ask_for_letter import AskForLetter
from core.identity.usecases.begin_session import BeginSession
from core.identity.usecases.send_code import digits_hash, fits, link_hash
from core.identity.usecases.sign_in import handle_of
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.limits import RateLimiter, network_of
from core.kernel.outbox import Delivery
from core.kernel.seal import Seal
from core.kernel.work import OpenWork, again_if_contended
from core.notifications.events import letter


class CodeAsked(msgspec.Struct, frozen=True):
    """What whoever asked for a code sends with it: without this token the code is good for nothing."""

    token: str


@dataclass(frozen=True, slots=True)
class AskSignInCode:
    """Ask for a code; whether there is such an account is told to nobody but its owner."""

    ask: AskForLetter
    mint: Mint

    async def __call__(self, actor: Actor, login: str, *, language: str) -> CodeAsked:
        """Ask for one, which is good for ten minutes and only together with the token.

        :param login: e-mail address, username, or number of an account.
        :raises Limited: too many from here, or for this name from here.
        """
        token = self.mint.token()
        await self.ask(actor, SignInCodeAsked(login=login, language=language, asked=link_hash(token).hex()))
        return CodeAsked(token)


@dataclass(frozen=True, slots=True)
class SendSignInCode:
    """Keep the code that somebody asked for, and send it where there is an account with a verified address."""

    work: OpenWork[IdentityWork]
    contacts: Contacts
    mint: Mint
    seal: Seal
    ids: Ids
    clock: Clock

    async def __call__(self, delivery: Delivery) -> None:
        """Send one code, and finish the delivery with it.

        A code that nobody gets is kept for a name without an account, so that a try of it costs as much as any other.

        :raises Superseded: the delivery is done, or another's.
        """
        fact = delivery.fact(SignInCodeAsked)
        handle = handle_of(self.contacts, fact.login)

        async def attempt() -> None:
            async with self.work(delivery) as work:
                account = None if handle is None else await work.accounts.find(handle)
                to = None if account is None or account.email_verified_at is None else account.email
                digits, now, code_id = self.mint.digits(), self.clock.now(), self.ids.new()
                code = Code(
                    id=code_id,
                    purpose=CodePurpose.SIGN_IN,
                    target=link_hash(folded(fact.login)).hex(),
                    created_at=now,
                    expires_at=now + LIFETIME,
                    account_id=None if account is None or to is None else account.id,
                    secret_hash=digits_hash(self.mint, code_id, digits),
                    link_hash=bytes.fromhex(fact.asked),
                )
                await work.codes.put(code)
                if to is not None:
                    params = {"minutes": str(int(LIFETIME.total_seconds() // 60))}
                    work.publish(
                        letter(
                            self.seal,
                            "identity.sign_in_code",
                            to=to,
                            language=fact.language,
                            params=params,
                            secrets={"code": digits},
                        )
                    )

        await again_if_contended(attempt)


@dataclass(frozen=True, slots=True)
class SignInByCode:
    """Begin a session of whoever got the code and asked for it."""

    work: OpenWork[IdentityWork]
    mint: Mint
    limiter: RateLimiter
    clock: Clock
    begin: BeginSession

    async def __call__(self, actor: Actor, token: str, code: str, *, kind: SessionKind) -> SignedIn | Challenge:
        """Sign in; a wrong code is one of five tries.

        :param token: that was given to whoever asked.
        :param code: six digits.
        :param kind: how the session is to be carried.
        :raises Limited: too many from here, or for this request from here.
        :raises CodeRefused: not the right one, used, replaced, tried too often, or too old; or nobody asked for it.
        :raises WrongCredentials: the password was changed in between.
        :raises AccountBlocked: the account may not be used.
        :raises AccountDeleted: it was deleted.
        :raises NetworkRefused: it may not be used from where the call comes.
        """
        await count(self.limiter, SIGN_IN, network_of(actor.origin.address))
        await count(self.limiter, CODE_OF, key_of(link_hash(token).hex(), actor.origin))
        account = await again_if_contended(lambda: self._spend(actor, token, code))
        if account is None:
            raise CodeRefused
        return await self.begin(actor, account, kind, SignInMethod.CODE)

    async def _spend(self, actor: Actor, token: str, digits: str) -> Account | None:
        now = self.clock.now()
        async with self.work() as work:
            code = await work.codes.of_link(CodePurpose.SIGN_IN, link_hash(token))
            if code is None or not code.is_live(now):
                return None
            right = fits(self.mint, code, digits)
            await work.codes.save(replace(code, used_at=now) if right else replace(code, tries=code.tries + 1))
            if not right:
                in_vain = (SignInOutcome.WRONG_CODE, SignInMethod.CODE, code.account_id)
                await work.attempts.add(attempt_of(actor, self.begin.ids, now, *in_vain))
            return await work.accounts.get(code.account_id) if right and code.account_id is not None else None
