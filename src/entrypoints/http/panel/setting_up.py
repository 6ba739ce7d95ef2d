"""The first owner, who comes by a link that was shown at start."""

import msgspec

from core.identity.usecases.set_up import SetUp
from entrypoints.http.panel.screens import About, Form, Moved, Screen, View
from entrypoints.http.panel.visit import Visit


class First(msgspec.Struct, frozen=True):
    """Who is the first."""

    login: str
    password: str


class SettingUp:
    """The page of the first owner."""

    def __init__(self, set_up: SetUp) -> None:
        """:param set_up: makes the account."""
        self._set_up = set_up

    def screens(self) -> list[Screen]:
        """The page."""
        form = Form(First, self.set_up, {"identity.name_taken": About("login")})
        return [Screen(path="/setup", needs=None, show=self.show, forms={"": form})]

    async def show(self, _: Visit) -> View:
        """The form; whether the link is good is told once it was sent."""
        return View("setup.html")

    async def set_up(self, visit: Visit, first: First) -> Moved:
        """Make the owner."""
        token, language = visit.query.get("token", ""), visit.reader.language
        await self._set_up(visit.actor, token=token, login=first.login, password=first.password, language=language)
        return Moved("/sign-in", "registered")
