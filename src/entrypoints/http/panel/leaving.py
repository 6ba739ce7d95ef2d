"""Deleting one's account."""

from typing import Literal

import msgspec

from core.identity.usecases.delete_account import REPENTANCE, UNDO_PAGE, DeleteAccount
from core.identity.usecases.queries.me import GetMe
from entrypoints.http.panel.carrying import Carrying
from entrypoints.http.panel.screens import Form, Moved, Screen, View
from entrypoints.http.panel.visit import Visit


class Meant(msgspec.Struct, frozen=True):
    """That it was read what follows."""

    understood: Literal["yes"]


class Leaving:
    """The page that tells what follows, with the button."""

    def __init__(self, me: GetMe, delete: DeleteAccount, carrying: Carrying) -> None:
        """:param me: tells whether a letter can take it back."""
        self._me = me
        self._delete = delete
        self._carrying = carrying

    def screens(self) -> list[Screen]:
        """The page; whoever opens it proves first who it is."""
        return [Screen(path="/profile/delete", show=self.show, forms={"": Form(Meant, self.delete)}, proof=True)]

    async def show(self, visit: Visit) -> View:
        """What follows, and how it can be taken back."""
        me = await self._me(visit.actor)
        return View("delete.html", {"email": me.email, "days": REPENTANCE.days})

    async def delete(self, visit: Visit, _: Meant) -> Moved:
        """Delete it; the next page tells until when it can be taken back."""
        at = await self._delete(visit.actor)
        return Moved(f"{UNDO_PAGE}?until={at.date()}", "leaving", self._carrying.gone(), forget=True)
