"""What somebody is known by, and what it tells of itself."""

from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

import msgspec

from core.identity.api import Line, ProfileChanges
from core.identity.usecases.keep_avatar import RemoveAvatar, SetAvatar
from core.identity.usecases.keep_profile import ChangeProfile
from core.identity.usecases.queries.me import GetMe
from core.identity.usecases.queries.profiles import GetProfile
from core.kernel.pictures import MOST_BYTES
from entrypoints.http.panel.cookies import LANGUAGE, YEAR, small_cookie
from entrypoints.http.panel.screens import About, Form, Moved, Nothing, Screen, View
from entrypoints.http.panel.visit import Visit

PROFILE = "/profile"
ROOM = 64 * 1024
"""For what a form carries beside a picture."""


class Told(msgspec.Struct, frozen=True):
    """What somebody tells of itself; a box that was not ticked is not sent."""

    timezone: Annotated[str, msgspec.Meta(max_length=64)]
    language: Literal["en", "ru"]
    first_name: Line = ""
    last_name: Line = ""
    about: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    is_public: Literal["", "yes"] = ""


class Profile:
    """The page about oneself."""

    def __init__(
        self, me: GetMe, read: GetProfile, change: ChangeProfile, set_avatar: SetAvatar, no_avatar: RemoveAvatar
    ) -> None:
        """:param me: tells what the account has."""
        self._me = me
        self._read = read
        self._change = change
        self._set_avatar = set_avatar
        self._no_avatar = no_avatar

    def screens(self) -> list[Screen]:
        """The page."""
        about = {"identity.timezone_unknown": About("timezone")}
        forms = {
            "profile": Form(Told, self.tell, about),
            "picture": Form(Nothing, self.show_picture, _PICTURE),
            "no-picture": Form(Nothing, self.drop_picture),
        }
        return [Screen(path=PROFILE, show=self.show, forms=forms, most=MOST_BYTES + ROOM)]

    async def show(self, visit: Visit) -> View:
        """All of it; who has verified nothing yet can tell nothing."""
        profile = None if visit.actor.limited else await self._read(visit.actor)
        account = await self._me(visit.actor)
        return View("profile.html", {"account": account, "profile": profile, "zones": _zones()})

    async def tell(self, visit: Visit, told: Told) -> Moved:
        """Keep it; pages are in the language that was chosen from now on."""
        changes = ProfileChanges(
            first_name=told.first_name,
            last_name=told.last_name,
            about=told.about,
            language=told.language,
            timezone=told.timezone,
            is_public=told.is_public == "yes",
        )
        await self._change(visit.actor, changes=changes)
        return Moved(PROFILE, "saved", [small_cookie(LANGUAGE, told.language, YEAR)])

    async def show_picture(self, visit: Visit, _: Nothing) -> Moved:
        """Show another picture."""
        await self._set_avatar(visit.actor, raw=visit.files.get("picture", b""))
        return Moved(PROFILE, "saved")

    async def drop_picture(self, visit: Visit, _: Nothing) -> Moved:
        """Show no picture."""
        await self._no_avatar(visit.actor)
        return Moved(PROFILE, "saved")


_PICTURE = {"kernel.not_a_picture": About("picture"), "kernel.picture_too_large": About("picture")}


@cache
def _zones() -> list[str]:
    """Zones with the name of a place; the others are for programs."""
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
