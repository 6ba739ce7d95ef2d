"""The page behind the link of an invitation."""

import msgspec

from core.identity.usecases.invite import PAGE, AcceptInvite
from entrypoints.http.panel.screens import Form, Moved, Screen, View
from entrypoints.http.panel.visit import Visit


class Accepting(msgspec.Struct, frozen=True):
    """The password to come."""

    password: str


class BeingInvited:
    """The page of who is invited."""

    def __init__(self, accept: AcceptInvite) -> None:
        """:param accept: makes the account."""
        self._accept = accept

    def screens(self) -> list[Screen]:
        """The page."""
        return [Screen(path=PAGE, needs=None, show=self.show, forms={"": Form(Accepting, self.accept)})]

    async def show(self, _: Visit) -> View:
        """The form; whether the link is good is told once it was sent."""
        return View("join.html")

    async def accept(self, visit: Visit, accepting: Accepting) -> Moved:
        """Make the account."""
        token, language = visit.query.get("token", ""), visit.reader.language
        await self._accept(visit.actor, token=token, password=accepting.password, language=language)
        return Moved("/sign-in", "registered")
