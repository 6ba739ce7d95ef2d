"""The page to which the letter about a deleted account leads."""

from core.identity.usecases.delete_account import UNDO_PAGE, UndoDeletion
from entrypoints.http.panel.screens import Form, Moved, Nothing, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.shared.texts import page_text


class Returning:
    """One button, since programs open links too."""

    def __init__(self, undo: UndoDeletion) -> None:
        """:param undo: takes the deletion back."""
        self._undo = undo

    def screens(self) -> list[Screen]:
        """The page."""
        return [Screen(path=UNDO_PAGE, needs=None, show=self.show, forms={"": Form(Nothing, self.undo)})]

    async def show(self, visit: Visit) -> View:
        """What the button does."""
        language = visit.reader.language
        heading, says = page_text(language, "panel.undo_deletion"), page_text(language, "panel.undo_deletion_says")
        return View("button.html", {"heading": heading, "says": says})

    async def undo(self, visit: Visit, _: Nothing) -> Moved:
        """Take it back."""
        await self._undo(visit.actor, visit.query.get("token", ""))
        return Moved("/sign-in", "deletion_undone")
