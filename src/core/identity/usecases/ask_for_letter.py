"""Ask for a letter under a name, and send it where there is somebody to get it."""

from dataclasses import dataclass

from core.identity.api import AccountStatus
from core.identity.contacts import Contacts
from core.identity.domain.account import Account, Handle, HandleKind
from core.identity.domain.limits import CODE, RESEND_TO, RESET, RESET_OF, SIGN_IN, count, key_of
from core.identity.domain.names import folded
from core.identity.events import ResetAsked, SignInCodeAsked, VerificationAsked
from core.identity.ports import IdentityWork
from core.identity.usecases.open_account import reset, verification
from core.identity.usecases.send_code import Errand, SendCode
from core.identity.usecases.sign_in import handle_of
from core.kernel.actor import Actor, system_actor
from core.kernel.limits import RateLimiter, network_of
from core.kernel.outbox import Delivery
from core.kernel.work import OpenWork, again_if_contended

LIMITS = {
    VerificationAsked: (CODE, RESEND_TO),
    ResetAsked: (RESET, RESET_OF),
    SignInCodeAsked: (SIGN_IN, RESEND_TO),
}
"""How many of a letter from one network, and how many of those for one name."""


@dataclass(frozen=True, slots=True)
class AskForLetter:
    """Ask for a letter; the same is done whether there is an account for it or not, and nothing is told of it."""

    work: OpenWork[IdentityWork]
    limiter: RateLimiter

    async def __call__(self, actor: Actor, asked: VerificationAsked | ResetAsked | SignInCodeAsked) -> None:
        """Ask for one.

        :param asked: which, and under which name: an address, a number or a username, as it was typed.
        :raises Limited: too many from here, or for this name from here.
        """
        from_here, for_name = LIMITS[type(asked)]
        await count(self.limiter, from_here, network_of(actor.origin.address))
        await count(self.limiter, for_name, key_of(folded(asked.login), actor.origin))

        async def attempt() -> None:
            async with self.work() as work:
                work.publish(asked)

        await again_if_contended(attempt)


@dataclass(frozen=True, slots=True)
class SendAskedLetter:
    """Send the letter to verify an address or to set a new password, if there is an account that it is for."""

    work: OpenWork[IdentityWork]
    contacts: Contacts
    send: SendCode

    async def __call__(self, delivery: Delivery) -> None:
        """Send one letter, and finish the delivery with it.

        :raises Superseded: the delivery is done, or another's.
        """
        is_reset = delivery.name == ResetAsked.name
        fact = delivery.fact(ResetAsked) if is_reset else delivery.fact(VerificationAsked)
        errand_of = _reset if is_reset else _verification
        handle = handle_of(self.contacts, fact.login)

        async def attempt() -> None:
            async with self.work(delivery) as work:
                account = None if handle is None else await work.accounts.find(handle)
                errand = None if handle is None or account is None else errand_of(account, handle, fact.language)
                if errand is not None:
                    await self.send(system_actor("identity"), work, errand)

        await again_if_contended(attempt)


def _verification(account: Account, handle: Handle, language: str) -> Errand | None:
    errand = verification(account, language)
    return errand if errand.target == handle.key else None


def _reset(account: Account, handle: Handle, language: str) -> Errand | None:
    """Nothing for a number that was not verified, which may be somebody else's, nor for a username alone."""
    is_shown = handle.kind is HandleKind.PHONE and account.phone_verified_at is not None
    if account.status is AccountStatus.ACTIVE and (is_shown or handle.kind is HandleKind.EMAIL):
        return reset(account, handle, "identity.reset_password", language)
    return None
