"""Invite somebody by letter, with roles that one may give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from core.identity.api import AccountStatus
from core.identity.contacts import Contacts
from core.identity.domain.account import Handle, HandleKind
from core.identity.domain.code import Code, CodePurpose
from core.identity.domain.errors import NameTaken
from core.identity.domain.names import folded
from core.identity.domain.refusals import CodeRefused
from core.identity.grants import Grants
from core.identity.permissions import INVITE
from core.identity.ports import IdentityWork
from core.identity.rights import PersonView, Rights
from core.identity.usecases.add_person import AddPerson
from core.identity.usecases.change_email import checked_email
from core.identity.usecases.change_roles import found_roles
from core.identity.usecases.send_code import Errand, Proof, SendCode, link_hash, spend
from core.identity.usecases.stay_below import prove_staff, refuse_above
from core.kernel.actor import Actor, system_actor
from core.kernel.audit import act_of
from core.kernel.work import OpenWork, again_if_contended

PAGE = "/join"
WEEK = timedelta(days=7)


class Promise(msgspec.Struct, frozen=True):
    """What an invitation promises, and who gave it; None for Soty itself."""

    inviter: UUID | None
    roles: list[str]


class Invited(msgspec.Struct, frozen=True):
    """To whom an invitation went, and how long it is good."""

    email: str
    roles: list[str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitePerson:
    """Send an invitation; one more to the same address voids the one before."""

    work: OpenWork[IdentityWork]
    contacts: Contacts
    send: SendCode
    rights: Rights

    async def __call__(self, actor: Actor, *, email: str, roles: Sequence[str] = (), language: str = "en") -> Invited:
        """Invite an address for a week.

        :param roles: names of roles that whoever accepts gets, as long as the inviter may still give them then.
        :raises Forbidden: the actor may not invite.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises WrongFields: it is no address.
        :raises RoleUnknown: there is no such role.
        :raises AboveSelf: one of the roles may do what the actor may not.
        :raises NameTaken: an account has the address.
        """
        actor.require(INVITE)
        now = self.send.clock.now()
        prove_staff(actor, now)
        address = checked_email(self.contacts, email)
        promise = Promise(actor.account, sorted(set(roles)))
        errand = Errand(
            letter="identity.invite",
            purpose=CodePurpose.INVITE,
            to=address,
            language=language,
            target=folded(address),
            path=PAGE,
            digits=False,
            lifetime=WEEK,
            params={"expires_at": f"{now + WEEK:%Y-%m-%d}"},
            bound_to=msgspec.json.encode(promise).decode(),
        )

        async def attempt() -> None:
            async with self.work() as work:
                refuse_above(actor, self.rights.permitted(await found_roles(work, self.rights, promise.roles)))
                if await work.accounts.find(Handle(HandleKind.EMAIL, errand.target)) is not None:
                    raise NameTaken
                code = await self.send(actor, work, errand)
                details = {"roles": promise.roles}
                entry = act_of(actor, "identity.invite", code.id, self.send.ids, self.send.clock, **details)
                await work.audit.record([entry])

        await again_if_contended(attempt)
        return Invited(address, promise.roles, now + WEEK)


@dataclass(frozen=True, slots=True)
class AcceptInvite:
    """Make the account that one was invited to."""

    work: OpenWork[IdentityWork]
    send: SendCode
    add: AddPerson
    grants: Grants
    rights: Rights

    async def __call__(self, actor: Actor, *, token: str, password: str, language: str) -> PersonView:
        """Make it under the address of the letter; a password that is refused leaves the invitation good.

        :raises CodeRefused: the link is another, was used, replaced, or is too old, or who gave it may not any more.
        :raises WrongFields: the password is refused.
        :raises NameTaken: an account has the address by now.
        """
        code = await self._held(token)
        promise = msgspec.json.decode(code.bound_to, type=Promise)
        person = await self.add(
            system_actor("invitation"), login=code.target, password=password, roles=promise.roles, language=language
        )
        await again_if_contended(lambda: self._spend(token))
        assert person is not None
        return person

    async def _held(self, token: str) -> Code:
        async with self.work() as work:
            code = await work.codes.of_link(CodePurpose.INVITE, link_hash(token))
            if code is None or not code.is_live(self.send.clock.now()):
                raise CodeRefused
            promise = msgspec.json.decode(code.bound_to, type=Promise)
            promised = self.rights.permitted(await found_roles(work, self.rights, promise.roles))
            inviter = None if promise.inviter is None else await work.accounts.get(promise.inviter)
        if promise.inviter is None:
            return code
        if inviter is None or inviter.status is not AccountStatus.ACTIVE:
            raise CodeRefused
        if not promised <= await self.grants.permissions_of(inviter.id):
            raise CodeRefused
        return code

    async def _spend(self, token: str) -> None:
        async with self.work() as work:
            await spend(work, self.send.mint, CodePurpose.INVITE, Proof(token), self.send.clock.now())
