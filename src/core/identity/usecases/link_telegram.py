"""Join an account and a user of Telegram, and part them."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec
from msgspec.structs import replace

from core.identity.domain.code import Code, CodePurpose
from core.identity.domain.telegram import BOT, TelegramLinkedElsewhere, TelegramNotLinked, TelegramTokenInvalid
from core.identity.ports import IdentityWork
from core.identity.secrets import Mint
from core.identity.telegram import TelegramLink, TelegramProof, TelegramUser
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended
from core.notifications.events import LetterWanted

LIFETIME = timedelta(minutes=10)


class TelegramInvitation(msgspec.Struct, frozen=True):
    """An address that opens our bot, where one tap joins the account and the user of Telegram; good for ten minutes."""

    url: str


@dataclass(frozen=True, slots=True)
class InviteTelegram:
    """Make the address by which the caller joins his user of Telegram."""

    work: OpenWork[IdentityWork]
    proof: TelegramProof
    mint: Mint
    clock: Clock
    ids: Ids

    async def __call__(self, actor: Actor) -> TelegramInvitation:
        """Make an address; the one before it is void.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: the caller has to verify an address first.
        :raises ProofNeeded: the caller proved too long ago who he is.
        :raises TelegramUnset: no bot is set up.
        """
        now = self.clock.now()
        account_id = actor.require_proof(now)
        token = self.mint.token()
        url = self.proof.link(token)
        code = Code(
            id=self.ids.new(),
            purpose=CodePurpose.TELEGRAM_LINK,
            target="",
            created_at=now,
            expires_at=now + LIFETIME,
            account_id=account_id,
            link_hash=hashlib.sha256(token.encode()).digest(),
        )
        async with self.work() as work:
            await work.codes.put(code)
        return TelegramInvitation(url)


@dataclass(frozen=True, slots=True)
class LinkTelegram:
    """Join an account and a user of Telegram who opened the bot by the address of the account."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids

    async def __call__(self, actor: Actor, token: str, user: TelegramUser, *, confirmed: bool = False) -> UUID:
        """Use a token up.

        :param actor: the bot.
        :param token: what came behind ``/start``.
        :param confirmed: whether the user said that he leaves the account that he belongs to.
        :returns: the account.
        :raises Forbidden: the actor is no bot.
        :raises TelegramTokenInvalid: it is unknown, used or too old.
        :raises TelegramLinkedElsewhere: he belongs to another account and did not say so; the token is not used up.
        """
        actor.require(BOT)
        now = self.clock.now()

        async def attempt() -> UUID:
            async with self.work() as work:
                digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
                code = await work.codes.of_link(CodePurpose.TELEGRAM_LINK, digest)
                if code is None or code.account_id is None or not code.is_live(now):
                    raise TelegramTokenInvalid
                before = await work.telegram.lock(user.id)
                moves = before is not None and before.account_id != code.account_id
                if moves and not confirmed:
                    raise TelegramLinkedElsewhere
                await work.codes.save(replace(code, used_at=now))
                await work.telegram.put(TelegramLink(code.account_id, user, now))
                told = {"telegram": user.id, "moved_from": str(before.account_id) if before and moves else None}
                entry = act_of(actor, "identity.telegram.link", code.account_id, self.ids, self.clock, **told)
                await work.audit.record([entry])
                await _tell(work, "identity.telegram_linked", code.account_id, user)
                return code.account_id

        return await again_if_contended(attempt)


@dataclass(frozen=True, slots=True)
class UnlinkTelegram:
    """Part the caller and his user of Telegram."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids

    async def __call__(self, actor: Actor) -> None:
        """Drop the link and nothing else.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: the caller has to verify an address first.
        :raises TelegramNotLinked: there is no link.
        """
        account_id = actor.person()
        async with self.work() as work:
            link = await work.telegram.remove(account_id)
            if link is None:
                raise TelegramNotLinked
            told = {"telegram": link.user.id}
            await work.audit.record(
                [act_of(actor, "identity.telegram.unlink", account_id, self.ids, self.clock, **told)]
            )
            await _tell(work, "identity.telegram_unlinked", account_id, link.user)


async def _tell(work: IdentityWork, name: str, account_id: UUID, user: TelegramUser) -> None:
    """Write to the owner of an account who can sign in by Telegram now, or no longer."""
    account = await work.accounts.get(account_id)
    if account is not None and account.email is not None and account.email_verified_at is not None:
        shown = f"@{user.username}" if user.username else user.name
        work.publish(LetterWanted(letter=name, to=account.email, language=account.language, params={"telegram": shown}))
