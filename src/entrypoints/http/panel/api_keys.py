"""Keys by which programs act for somebody."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from core.identity.api import ONE_LINE
from core.identity.usecases.keep_api_keys import CreateApiKey, RevokeApiKey
from core.identity.usecases.queries.api_keys import ListApiKeys
from core.kernel.clock import Clock
from entrypoints.http.panel.screens import Form, Moved, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.http.panel.ways import API_KEYS


class Wanted(msgspec.Struct, frozen=True):
    """A key that somebody wants: its name, what it may do, and for how many days, none for ever."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=ONE_LINE)]
    days: Literal["", "30", "90", "365"] = ""
    all_rights: Literal["", "yes"] = ""


class Which(msgspec.Struct, frozen=True):
    """One of a list."""

    id: UUID


class ApiKeys:
    """The page about keys."""

    def __init__(self, listed: ListApiKeys, create: CreateApiKey, revoke: RevokeApiKey, clock: Clock) -> None:
        """:param clock: tells when a key ends."""
        self._listed = listed
        self._create = create
        self._revoke = revoke
        self._clock = clock

    def screens(self) -> list[Screen]:
        """The page."""
        forms = {"create": Form(Wanted, self.create), "revoke": Form(Which, self.revoke)}
        return [Screen(path=API_KEYS, show=self.show, forms=forms, proof=True)]

    async def show(self, visit: Visit) -> View:
        """All keys, without their secrets."""
        return View("api_keys.html", {"keys": await self._listed(visit.actor), "new": ""})

    async def create(self, visit: Visit, wanted: Wanted) -> View:
        """Make a key, and show it, this once."""
        until = self._clock.now() + timedelta(days=int(wanted.days)) if wanted.days else None
        scopes = sorted(visit.actor.permissions) if wanted.all_rights else []
        made = await self._create(visit.actor, wanted.name, scopes, until)
        return View("api_keys.html", {"keys": await self._listed(visit.actor), "new": made.key})

    async def revoke(self, visit: Visit, which: Which) -> Moved:
        """Revoke a key."""
        await self._revoke(visit.actor, which.id)
        return Moved(API_KEYS, "removed")
