"""People, as the staff sees them."""

from typing import Annotated

import msgspec

from core.identity.api import AccountStatus
from core.identity.permissions import IMPERSONATE, READ, STATUS
from core.identity.usecases.queries.people import GetPerson, ListPeople
from core.identity.usecases.watch_over_people import ChangeStatus, EndSessionsOf
from entrypoints.http.panel.screens import Form, Moved, Nothing, Screen, View
from entrypoints.http.panel.visit import Visit

PEOPLE = "/people"
PERSON = PEOPLE + "/{id}"
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Why(msgspec.Struct, frozen=True):
    """The reason, for the trail; of a block its owner is shown it."""

    reason: Reason


class People:
    """The list, and a page for one."""

    def __init__(self, listed: ListPeople, get: GetPerson, change: ChangeStatus, end: EndSessionsOf) -> None:
        """:param change: blocks, and lets in again."""
        self._listed = listed
        self._get = get
        self._change = change
        self._end = end

    def screens(self) -> list[Screen]:
        """The pages."""
        forms = {
            "block": Form(Why, self.block),
            "unblock": Form(Nothing, self.unblock),
            "end": Form(Nothing, self.end),
        }
        return [
            Screen(path=PEOPLE, needs=READ, show=self.show),
            Screen(path=PERSON, needs=READ, show=self.show_one, forms=forms),
        ]

    async def show(self, visit: Visit) -> View:
        """A page of accounts, those whose address, username or number begins with what was typed."""
        text = visit.query.get("text", "")[:320]
        page = await self._listed(visit.actor, text=text, cursor=visit.query.get("cursor") or None)
        return View("people.html", {"people": page.items, "text": text, "next_cursor": page.next_cursor})

    async def show_one(self, visit: Visit) -> View:
        """One account, and what the visitor may do with it."""
        actor, person = visit.actor, await self._get(visit.actor, visit.ids["id"])
        may = {
            "may_watch": STATUS in actor.permissions and person.status is not AccountStatus.DELETED,
            "may_act_as": IMPERSONATE in actor.permissions
            and person.id != actor.account
            and person.status is AccountStatus.ACTIVE,
        }
        return View("person.html", {"person": person, **may})

    async def block(self, visit: Visit, why: Why) -> Moved:
        """Shut somebody out."""
        await self._change(visit.actor, visit.ids["id"], status=AccountStatus.BLOCKED, reason=why.reason)
        return Moved(visit.path, "saved")

    async def unblock(self, visit: Visit, _: Nothing) -> Moved:
        """Let somebody in again."""
        await self._change(visit.actor, visit.ids["id"], status=AccountStatus.ACTIVE)
        return Moved(visit.path, "saved")

    async def end(self, visit: Visit, _: Nothing) -> Moved:
        """Sign somebody out everywhere."""
        await self._end(visit.actor, visit.ids["id"])
        return Moved(visit.path, "ended")
