"""Another address of mail: asked for, confirmed from there, and taken back from the old one."""

import msgspec

from core.identity.usecases.change_email import AskEmailChange, ConfirmEmailChange, UndoEmailChange
from core.kernel.actor import ActorKind
from entrypoints.http.panel.local import HOME
from entrypoints.http.panel.screens import Form, Moved, Nothing, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.http.panel.ways import EMAIL
from entrypoints.shared.texts import page_text


class NewEmail(msgspec.Struct, frozen=True):
    """Where letters shall go."""

    email: str


class Digits(msgspec.Struct, frozen=True):
    """The code of the letter."""

    code: str


class Moving:
    """Pages about the address of mail."""

    def __init__(self, ask: AskEmailChange, confirm: ConfirmEmailChange, undo: UndoEmailChange) -> None:
        """:param undo: moves back, by the link that the old address got."""
        self._ask = ask
        self._confirm = confirm
        self._undo = undo

    def screens(self) -> list[Screen]:
        """The pages."""
        forms = {"ask": Form(NewEmail, self.ask), "code": Form(Digits, self.confirm)}
        link, back = {"": Form(Nothing, self.confirm_link)}, {"": Form(Nothing, self.undo)}
        return [
            Screen(path=EMAIL, show=self.show, forms=forms, proof=True),
            Screen(path="/change-email", needs=None, show=self.show_link, forms=link),
            Screen(path="/undo-email", needs=None, show=self.show_undo, forms=back),
        ]

    async def show(self, _: Visit) -> View:
        """The form for the address, and the one for the code."""
        return View("email.html")

    async def ask(self, visit: Visit, new: NewEmail) -> Moved:
        """Send a letter there."""
        await self._ask(visit.actor, new.email)
        return Moved(EMAIL, "letter")

    async def confirm(self, visit: Visit, digits: Digits) -> Moved:
        """Take the code."""
        await self._confirm(visit.actor, code=digits.code.strip())
        return _moved(visit)

    async def show_link(self, visit: Visit) -> View:
        """A button, since programs open links too."""
        language = visit.reader.language
        heading, says = page_text(language, "panel.email_move"), page_text(language, "panel.email_move_says")
        return View("button.html", {"heading": heading, "says": says})

    async def confirm_link(self, visit: Visit, _: Nothing) -> Moved:
        """Take the link."""
        await self._confirm(visit.actor, token=visit.query.get("token", ""))
        return _moved(visit)

    async def show_undo(self, visit: Visit) -> View:
        """A button, since programs open links too."""
        language = visit.reader.language
        heading, says = page_text(language, "panel.email_undo"), page_text(language, "panel.email_undo_says")
        return View("button.html", {"heading": heading, "says": says})

    async def undo(self, visit: Visit, _: Nothing) -> Moved:
        """Move back; whoever moved it is signed out."""
        await self._undo(visit.actor, visit.query.get("token", ""))
        return Moved("/forgot-password", "email_back")


def _moved(visit: Visit) -> Moved:
    return Moved("/sign-in" if visit.actor.kind is ActorKind.ANONYMOUS else HOME, "email_moved")
