"""Change what somebody tells of himself, as the staff does at his wish."""

from dataclasses import dataclass
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import asdict, replace

from core.identity.api import PersonChanges
from core.identity.contacts import Contacts
from core.identity.domain.account import Account, Handle, HandleKind, changed
from core.identity.domain.errors import NameTaken, TimezoneUnknown
from core.identity.domain.names import folded
from core.identity.domain.zones import is_zone
from core.identity.permissions import EDIT
from core.identity.ports import IdentityWork
from core.identity.rights import PersonView, Rights
from core.identity.usecases.change_email import checked_email, move_errand, moved_from
from core.identity.usecases.send_code import SendCode
from core.identity.usecases.stay_below import person_view, prove_staff
from core.identity.usecases.watch_over_people import held_person
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class ChangePerson:
    """Change the names, the language or the time zone of somebody, or ask him to move to another address.

    That one gets a letter, and is used once it was confirmed; the old one is told then, and can undo it.
    """

    work: OpenWork[IdentityWork]
    contacts: Contacts
    send: SendCode
    rights: Rights

    async def __call__(self, actor: Actor, account_id: UUID, *, changes: PersonChanges) -> PersonView:
        """Put what is given in the place of what was there; what is not given stays.

        :raises Forbidden: the actor may not edit people.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises WrongFields: the e-mail address is none.
        :raises TimezoneUnknown: the time zone is none of the IANA database.
        :raises AccountNotFound: there is none.
        :raises AboveSelf: the account may do what the actor may not.
        :raises NameTaken: another account has the e-mail address.
        """
        actor.require(EDIT)
        prove_staff(actor, self.send.clock.now())
        given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
        if "timezone" in given and not is_zone(given["timezone"]):
            raise TimezoneUnknown(timezone=given["timezone"])
        if "email" in given:
            given["email"] = checked_email(self.contacts, given["email"])
        return await again_if_contended(lambda: self._change(actor, account_id, given))

    async def _change(self, actor: Actor, account_id: UUID, given: dict[str, str]) -> PersonView:
        async with self.work() as work:
            account, roles = await held_person(work, self.rights, actor, account_id)
            names = {name: text for name, text in given.items() if name in ("first_name", "last_name")}
            own = {name: text for name, text in given.items() if name in ("language", "timezone")}
            account = changed(account, **own)
            await work.accounts.save(account)
            told: dict[str, object] = {"fields": sorted(given)}
            if "email" in given:
                await self._ask(actor, work, account, given["email"])
                told["email"] = moved_from(account.email, given["email"])
            if names:
                await work.profiles.save(replace(await work.profiles.lock(account_id), **names))
            entry = act_of(actor, "identity.person.change", account_id, self.send.ids, self.send.clock, **told)
            await work.audit.record([entry])
            return person_view(account, roles, self.rights)

    async def _ask(self, actor: Actor, work: IdentityWork, account: Account, email: str) -> None:
        owner = await work.accounts.find(Handle(HandleKind.EMAIL, folded(email)))
        if owner is not None and owner.id != account.id:
            raise NameTaken
        await self.send(actor, work, move_errand(account, email, is_free=True))
