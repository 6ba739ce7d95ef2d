"""Change what somebody tells of himself, as the staff does at his wish."""

from dataclasses import dataclass
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import asdict, replace

from core.identity.api import PersonChanges
from core.identity.domain.account import changed
from core.identity.domain.errors import TimezoneUnknown
from core.identity.domain.zones import is_zone
from core.identity.permissions import EDIT
from core.identity.ports import IdentityWork
from core.identity.rights import PersonView, Rights
from core.identity.usecases.stay_below import person_view, prove_staff
from core.identity.usecases.watch_over_people import held_person
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class ChangePerson:
    """Change the names, the language or the time zone of somebody; his address is for him alone to change."""

    work: OpenWork[IdentityWork]
    clock: Clock
    ids: Ids
    rights: Rights

    async def __call__(self, actor: Actor, account_id: UUID, *, changes: PersonChanges) -> PersonView:
        """Put what is given in the place of what was there; what is not given stays.

        :raises Forbidden: the actor may not edit people.
        :raises ProofNeeded: it proved too long ago who it is.
        :raises TimezoneUnknown: the time zone is none of the IANA database.
        :raises AccountNotFound: there is none.
        :raises AboveSelf: the account may do what the actor may not.
        """
        actor.require(EDIT)
        prove_staff(actor, self.clock.now())
        given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
        if "timezone" in given and not is_zone(given["timezone"]):
            raise TimezoneUnknown(timezone=given["timezone"])
        return await again_if_contended(lambda: self._change(actor, account_id, given))

    async def _change(self, actor: Actor, account_id: UUID, given: dict[str, str]) -> PersonView:
        async with self.work() as work:
            account, roles = await held_person(work, self.rights, actor, account_id)
            names = {name: text for name, text in given.items() if name in ("first_name", "last_name")}
            account = changed(account, **{name: text for name, text in given.items() if name not in names})
            await work.accounts.save(account)
            if names:
                await work.profiles.save(replace(await work.profiles.lock(account_id), **names))
            entry = act_of(actor, "identity.person.change", account_id, self.ids, self.clock, fields=sorted(given))
            await work.audit.record([entry])
            return person_view(account, roles, self.rights)
