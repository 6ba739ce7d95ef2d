"""Keep a new account, or write to the one that has the address already."""

from dataclasses import dataclass

import msgspec

from core.identity.domain.account import Account, Handle, HandleKind, Newcomer
from core.identity.domain.code import CodePurpose
from core.identity.ports import IdentityWork
from core.identity.usecases.send_code import Errand, SendCode
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended

VERIFY_PAGE, RESET_PAGE = "/verify-email", "/reset-password"


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Both ways write the same rows and send one letter, so that nobody can tell them apart from outside."""

    work: OpenWork[IdentityWork]
    ids: Ids
    clock: Clock
    send: SendCode

    async def __call__(self, actor: Actor, newcomer: Newcomer) -> bool:
        """Make an account and send what verifies its address; or tell the owner of the address that it has one.

        :returns: whether it is new.
        :raises Contended: too many wanted the same name at once.
        """
        account = Account(id=self.ids.new(), created_at=self.clock.now(), **msgspec.structs.asdict(newcomer))

        async def attempt() -> bool:
            async with self.work() as work:
                is_new = await work.accounts.add(account)
                if account.email is None and account.phone is None:
                    return is_new
                known = account if is_new else await work.accounts.find(account.handles[0])
                if known is not None:
                    await self.send(actor, work, verification(account) if is_new else _reminder(known, account))
            return is_new

        return await again_if_contended(attempt)


def verification(account: Account, language: str | None = None) -> Errand:
    """The letter, or text, that verifies the address of an account that is not verified yet."""
    by_mail = account.email is not None and account.email_verified_at is None
    return Errand(
        letter="identity.verify_email" if by_mail else "identity.verify_phone",
        purpose=CodePurpose.VERIFY_EMAIL if by_mail else CodePurpose.VERIFY_PHONE,
        to=str(account.email) if by_mail else f"tel:{account.phone}",
        language=language or account.language,
        target=str(account.email_key) if by_mail else str(account.phone),
        account_id=account.id,
        path=VERIFY_PAGE if by_mail else None,
    )


def reset(account: Account, handle: Handle, letter: str, language: str) -> Errand:
    """The letter, or text, with which a new password can be set."""
    by_mail = handle.kind is HandleKind.EMAIL
    return Errand(
        letter=f"{letter}_email" if by_mail else f"{letter}_phone",
        purpose=CodePurpose.RESET_PASSWORD,
        to=str(account.email) if by_mail else f"tel:{account.phone}",
        language=language,
        target=handle.key,
        account_id=account.id,
        path=RESET_PAGE if by_mail else None,
    )


def _reminder(known: Account, wanted: Account) -> Errand:
    return reset(known, wanted.handles[0], "identity.account_exists", known.language)
