"""The question whether it is still the same person, before something sensitive."""

import msgspec

from core.identity.usecases.prove_again import ProveAgain
from core.identity.usecases.queries.second_factor import GetSecondFactor
from entrypoints.http.panel.carrying import Carrying
from entrypoints.http.panel.local import next_of
from entrypoints.http.panel.screens import About, Form, Moved, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.shared.texts import page_text


class Shown(msgspec.Struct, frozen=True):
    """What proves that it is still the same person."""

    password: str


class AppCode(msgspec.Struct, frozen=True):
    """What the app shows, which proves it as well."""

    code: str


class Confirming:
    """The page with the question."""

    def __init__(self, prove: ProveAgain, second_factor: GetSecondFactor, carrying: Carrying) -> None:
        """:param prove: looks at what is shown."""
        self._prove = prove
        self._second_factor = second_factor
        self._carrying = carrying

    def screens(self) -> list[Screen]:
        """The page."""
        password = Form(Shown, self.confirm, {"identity.wrong_credentials": About("password", not_the_password)})
        code = Form(AppCode, self.confirm_by_app, {"identity.second_factor_wrong": About("code")})
        return [Screen(path="/confirm", show=self.show, forms={"": password, "code": code})]

    async def show(self, visit: Visit) -> View:
        """The question."""
        has_app = not visit.actor.limited and (await self._second_factor(visit.actor)).enabled
        return View("confirm.html", {"back": next_of(visit.query), "has_app": has_app})

    async def confirm(self, visit: Visit, shown: Shown) -> Moved:
        """Go on where the question came up."""
        renewed = await self._prove(visit.actor, shown.password)
        return Moved(next_of(visit.query), cookies=self._carrying.cookies(renewed))

    async def confirm_by_app(self, visit: Visit, shown: AppCode) -> Moved:
        """Go on likewise."""
        renewed = await self._prove.by_code(visit.actor, shown.code.strip())
        return Moved(next_of(visit.query), cookies=self._carrying.cookies(renewed))


def not_the_password(language: str) -> str:
    """What to say where the password of somebody who has signed in is another."""
    return page_text(language, "panel.password_wrong")
