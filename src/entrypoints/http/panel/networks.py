"""Networks from which alone an account may be used."""

from typing import Annotated
from uuid import UUID

import msgspec

from core.identity.usecases.keep_networks import AllowNetwork, ForgetNetwork
from core.identity.usecases.queries.networks import ListNetworks
from entrypoints.http.panel.screens import About, Form, Moved, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.http.panel.ways import NETWORKS


class Allowed(msgspec.Struct, frozen=True):
    """A network, and what it is."""

    network: str
    note: Annotated[str, msgspec.Meta(max_length=100)] = ""


class Which(msgspec.Struct, frozen=True):
    """One of a list."""

    id: UUID


class Networks:
    """The page about networks."""

    def __init__(self, listed: ListNetworks, allow: AllowNetwork, forget: ForgetNetwork) -> None:
        """:param forget: drops a rule."""
        self._listed = listed
        self._allow = allow
        self._forget = forget

    def screens(self) -> list[Screen]:
        """The page."""
        about = {"identity.network_unknown": About("network"), "identity.would_lock_you_out": About("network")}
        forms = {"allow": Form(Allowed, self.allow, about), "forget": Form(Which, self.forget)}
        return [Screen(path=NETWORKS, show=self.show, forms=forms, proof=True)]

    async def show(self, visit: Visit) -> View:
        """All rules; none at all means everywhere."""
        return View("networks.html", {"rules": await self._listed(visit.actor)})

    async def allow(self, visit: Visit, allowed: Allowed) -> Moved:
        """Allow one more; the first shuts out all others."""
        await self._allow(visit.actor, network=allowed.network.strip(), note=allowed.note)
        return Moved(NETWORKS, "saved")

    async def forget(self, visit: Visit, which: Which) -> Moved:
        """Drop a rule."""
        await self._forget(visit.actor, which.id)
        return Moved(NETWORKS, "removed")
