"""Where somebody lives or wants things sent."""

from uuid import UUID

import msgspec

from core.identity.api import AddressFields
from core.identity.usecases.keep_addresses import AddAddress, ChangeAddress, ChooseDefaultAddress, RemoveAddress
from core.identity.usecases.queries.addresses import GetAddress, ListAddresses
from entrypoints.http.panel.screens import About, Form, Moved, Screen, View
from entrypoints.http.panel.visit import Visit

ADDRESSES = "/profile/addresses"


class Which(msgspec.Struct, frozen=True):
    """One of a list."""

    id: UUID


class Typed(AddressFields, frozen=True, kw_only=True):
    """An address as it is typed: nobody thinks of capital letters."""

    country: str

    @property
    def meant(self) -> AddressFields:
        """The same with the country as it is written."""
        return AddressFields(**{**msgspec.structs.asdict(self), "country": self.country.strip().upper()})


class AddressPages:
    """Pages about addresses."""

    def __init__(
        self,
        listed: ListAddresses,
        get: GetAddress,
        add: AddAddress,
        change: ChangeAddress,
        choose: ChooseDefaultAddress,
        remove: RemoveAddress,
    ) -> None:
        """:param choose: makes one the default."""
        self._listed = listed
        self._get = get
        self._add = add
        self._change = change
        self._choose = choose
        self._remove = remove

    def screens(self) -> list[Screen]:
        """The list, and a page for one."""
        about = {"identity.country_unknown": About("country")}
        forms = {"default": Form(Which, self.choose), "remove": Form(Which, self.remove)}
        added, changed = Form(Typed, self.add, about), Form(Typed, self.change, about)
        return [
            Screen(path=ADDRESSES, show=self.show, forms=forms),
            Screen(path=f"{ADDRESSES}/new", show=self.show_new, forms={"": added}),
            Screen(path=f"{ADDRESSES}/{{id}}", show=self.show_one, forms={"": changed}),
        ]

    async def show(self, visit: Visit) -> View:
        """All of them, the default first."""
        return View("addresses.html", {"addresses": await self._listed(visit.actor)})

    async def show_new(self, _: Visit) -> View:
        """An empty form."""
        return View("address.html", {"address": None})

    async def show_one(self, visit: Visit) -> View:
        """The form with what is known."""
        return View("address.html", {"address": await self._get(visit.actor, visit.ids["id"])})

    async def add(self, visit: Visit, typed: Typed) -> Moved:
        """Keep a new one."""
        await self._add(visit.actor, fields=typed.meant)
        return Moved(ADDRESSES, "saved")

    async def change(self, visit: Visit, typed: Typed) -> Moved:
        """Keep what was changed."""
        await self._change(visit.actor, visit.ids["id"], fields=typed.meant)
        return Moved(ADDRESSES, "saved")

    async def choose(self, visit: Visit, which: Which) -> Moved:
        """Make it the default."""
        await self._choose(visit.actor, which.id)
        return Moved(ADDRESSES, "saved")

    async def remove(self, visit: Visit, which: Which) -> Moved:
        """Drop it."""
        await self._remove(visit.actor, which.id)
        return Moved(ADDRESSES, "removed")
