"""Move to another e-mail address, and back."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.identity.api import EndReason
from core.identity.contacts import Contacts
from core.identity.domain.account import Account, Handle, HandleKind, changed
from core.identity.domain.code import Code, CodePurpose
from core.identity.domain.limits import CODE, CODE_OF, RESEND_TO, count, key_of
from core.identity.domain.names import folded, masked
from core.identity.domain.refusals import CodeRefused, EmailTaken
from core.identity.ports import IdentityWork
from core.identity.usecases.forget_sessions import forget
from core.identity.usecases.send_code import Errand, Proof, SendCode, spend
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.errors import Unauthenticated
from core.kernel.limits import RateLimiter, network_of
from core.kernel.wire import WrongFields
from core.kernel.work import OpenWork, again_if_contended
from core.notifications.events import LetterWanted

CONFIRM_PAGE, UNDO_PAGE = "/change-email", "/undo-email"
UNDO_LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AskEmailChange:
    """Ask for a letter to another address, which is used once the letter was; until then the old one is."""

    work: OpenWork[IdentityWork]
    contacts: Contacts
    limiter: RateLimiter
    send: SendCode

    async def __call__(self, actor: Actor, email: str) -> None:
        """Ask to move. An address that belongs to somebody else is told so, and whoever asks is not told.

        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises ProofNeeded: the last proof is older than ten minutes.
        :raises Limited: too many for this account.
        :raises WrongFields: it is no address.
        """
        account_id = actor.require_proof(self.send.clock.now(), even_limited=True)
        address = checked_email(self.contacts, email)
        await count(self.limiter, RESEND_TO, key_of(account_id, actor.origin))

        async def attempt() -> None:
            async with self.work() as work:
                account = await work.accounts.lock(account_id)
                if account is None:
                    raise Unauthenticated
                owner = await work.accounts.find(Handle(HandleKind.EMAIL, folded(address)))
                await self.send(actor, work, move_errand(account, address, is_free=owner is None))

        await again_if_contended(attempt)


def checked_email(contacts: Contacts, text: str) -> str:
    """An address that somebody gives in the field ``email``.

    :raises WrongFields: it is none.
    """
    address = contacts.email(text)
    if address is None:
        raise WrongFields([{"field": "/email", "code": "bad_email", "params": {}}])
    return address


def moved_from(before: str | None, after: str) -> dict[str, str | None]:
    """What the trail tells of another address: both are masked."""
    return {"before": None if before is None else masked(before), "after": masked(after)}


def move_errand(account: Account, address: str, *, is_free: bool) -> Errand:
    """The letter to the address that an account is to move to; one that belongs to somebody else is told so."""
    return Errand(
        letter="identity.change_email" if is_free else "identity.change_email_taken",
        purpose=CodePurpose.CHANGE_EMAIL,
        to=address,
        language=account.language,
        target=address,
        account_id=account.id,
        path=CONFIRM_PAGE if is_free else None,
        digits=is_free,
    )


@dataclass(frozen=True, slots=True)
class ConfirmEmailChange:
    """Move to the address that the letter went to; the old one is told, and can undo it for a week."""

    work: OpenWork[IdentityWork]
    limiter: RateLimiter
    send: SendCode
    cache: Cache

    async def __call__(self, actor: Actor, *, token: str | None = None, code: str | None = None) -> None:
        """Move.

        :param token: of the link; nobody need be signed in then.
        :param code: six digits, of whoever is signed in.
        :raises Limited: too many tries.
        :raises CodeRefused: not the right one, used, replaced, tried too often, or too old.
        :raises EmailTaken: the address came to belong to somebody else in between.
        """
        await count(self.limiter, CODE, network_of(actor.origin.address))
        if token is None:
            await count(self.limiter, CODE_OF, key_of(str(actor.account), actor.origin))
        live = await again_if_contended(lambda: self._move(actor, Proof(token, code, actor.account)))
        if live is None:
            raise CodeRefused
        await forget(self.cache, self.work, live)

    async def _move(self, actor: Actor, proof: Proof) -> list[UUID] | None:
        now = self.send.clock.now()
        async with self.work() as work:
            used = await spend(work, self.send.mint, CodePurpose.CHANGE_EMAIL, proof, now)
            account = None if used is None or used.account_id is None else await work.accounts.lock(used.account_id)
            if used is None or account is None:
                return None
            key = folded(used.target)
            owner = await work.accounts.find(Handle(HandleKind.EMAIL, key))
            if owner is not None and owner.id != account.id:
                raise EmailTaken
            moved = changed(account, email=used.target, email_key=key, email_verified_at=now)
            await work.accounts.save(moved)
            await work.codes.void(CodePurpose.RESET_PASSWORD, account.id)
            await self._tell_the_old(actor, work, account)
            told = moved_from(account.email, used.target)
            entry = act_of(actor, "identity.email.change", account.id, self.send.ids, self.send.clock, **told)
            await work.audit.record([entry])
            return await work.sessions.live(account.id)

    async def _tell_the_old(self, actor: Actor, work: IdentityWork, account: Account) -> None:
        """Whoever reads the old address can undo the change, if it was verified; each old address has a link."""
        if account.email is None or account.email_key is None or account.email_verified_at is None:
            return
        undo = Errand(
            letter="identity.email_changed",
            purpose=CodePurpose.UNDO_EMAIL,
            to=account.email,
            language=account.language,
            target=account.email,
            path=UNDO_PAGE,
            digits=False,
            lifetime=UNDO_LIFETIME,
            bound_to=str(account.id),
        )
        await self.send(actor, work, undo)


@dataclass(frozen=True, slots=True)
class UndoEmailChange:
    """Move back to the address of before, by the link that went there; all sessions end."""

    work: OpenWork[IdentityWork]
    limiter: RateLimiter
    send: SendCode
    cache: Cache

    async def __call__(self, actor: Actor, token: str) -> None:
        """Move back.

        :raises Limited: too many tries.
        :raises CodeRefused: not the right one, used, or too old.
        :raises EmailTaken: the address came to belong to somebody else in between.
        """
        await count(self.limiter, CODE, network_of(actor.origin.address))
        ended = await again_if_contended(lambda: self._undo(actor, token))
        if ended is None:
            raise CodeRefused
        await forget(self.cache, self.work, ended)

    async def _undo(self, actor: Actor, token: str) -> list[UUID] | None:
        now = self.send.clock.now()
        async with self.work() as work:
            used = await spend(work, self.send.mint, CodePurpose.UNDO_EMAIL, Proof(token), now)
            account = None if used is None else await work.accounts.lock(UUID(used.bound_to))
            if used is None or account is None:
                return None
            await self._move_back(work, account, used)
            ended = await work.sessions.end(account.id, EndReason.REVOKED, now)
            told = moved_from(account.email, used.target)
            entry = act_of(actor, "identity.email.undo", account.id, self.send.ids, self.send.clock, **told)
            await work.audit.record([entry])
        return ended

    async def _move_back(self, work: IdentityWork, account: Account, used: Code) -> None:
        key = folded(used.target)
        owner = await work.accounts.find(Handle(HandleKind.EMAIL, key))
        if owner is not None and owner.id != account.id:
            raise EmailTaken
        now = self.send.clock.now()
        await work.accounts.save(changed(account, email=used.target, email_key=key, email_verified_at=now))
        for purpose in (CodePurpose.CHANGE_EMAIL, CodePurpose.RESET_PASSWORD):
            await work.codes.void(purpose, account.id)
        params = {"email": account.email or ""}
        work.publish(
            LetterWanted(letter="identity.email_undone", to=used.target, language=account.language, params=params)
        )
