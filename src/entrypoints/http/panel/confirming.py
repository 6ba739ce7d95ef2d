"""The question whether it is still the same person, before something sensitive."""

import msgspec

from core.identity.usecases.prove_again import ProveAgain
from entrypoints.http.panel.carrying import Carrying
from entrypoints.http.panel.local import next_of
from entrypoints.http.panel.screens import About, Form, Moved, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.shared.texts import page_text


class Shown(msgspec.Struct, frozen=True):
    """What proves that it is still the same person."""

    password: str


class Confirming:
    """The page with the question."""

    def __init__(self, prove: ProveAgain, carrying: Carrying) -> None:
        """:param prove: looks at what is shown."""
        self._prove = prove
        self._carrying = carrying

    def screens(self) -> list[Screen]:
        """The page."""
        form = Form(Shown, self.confirm, {"identity.wrong_credentials": About("password", not_the_password)})
        return [Screen(path="/confirm", show=self.show, forms={"": form})]

    async def show(self, visit: Visit) -> View:
        """The question."""
        return View("confirm.html", {"back": next_of(visit.query)})

    async def confirm(self, visit: Visit, shown: Shown) -> Moved:
        """Go on where the question came up."""
        renewed = await self._prove(visit.actor, shown.password)
        return Moved(next_of(visit.query), cookies=self._carrying.cookies(renewed))


def not_the_password(language: str) -> str:
    """What to say where the password of somebody who has signed in is another."""
    return page_text(language, "panel.password_wrong")
