"""The way in, and the way out."""

from urllib.parse import quote

import msgspec

from core.identity.api import Challenge, IdentityRules, Registration, SessionKind
from core.identity.usecases.delete_account import UNDO_PAGE
from core.identity.usecases.end_sessions import SignOut
from core.identity.usecases.sign_in import SignIn
from core.kernel.actor import ActorKind
from core.kernel.errors import SotyError
from entrypoints.http.panel.carrying import BY_CODE, TWO_FACTOR, Carrying
from entrypoints.http.panel.local import next_of
from entrypoints.http.panel.menu import Entry
from entrypoints.http.panel.screens import Form, Moved, Nothing, Outcome, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.shared.texts import page_text


class Entered(msgspec.Struct, frozen=True):
    """Who wants to come in."""

    login: str
    password: str


class SigningIn:
    """Pages of the ways in and out."""

    def __init__(self, sign_in: SignIn, sign_out: SignOut, rules: IdentityRules, carrying: Carrying) -> None:
        """:param rules: tell whether anybody may make an account."""
        self._sign_in = sign_in
        self._sign_out = sign_out
        self._rules = rules
        self._carrying = carrying

    def screens(self) -> list[Screen]:
        """The pages."""
        return [
            Screen(path="/sign-in", needs=None, show=self.show_sign_in, forms={"": Form(Entered, self.sign_in)}),
            Screen(path="/sign-out", needs=None, show=self.show_nothing, forms={"": Form(Nothing, self.sign_out)}),
        ]

    async def show_sign_in(self, visit: Visit) -> Outcome:
        """The form; whoever has signed in needs none."""
        if visit.actor.kind is not ActorKind.ANONYMOUS:
            return Moved(next_of(visit.query))
        language = visit.reader.language
        others = [
            Entry(page_text(language, "panel.forgot"), "/forgot-password"),
            Entry(page_text(language, "panel.by_code"), BY_CODE),
        ]
        if self._rules.registration is Registration.OPEN:
            others.append(Entry(page_text(language, "panel.register"), "/register"))
        return View("sign_in.html", {"others": others})

    async def sign_in(self, visit: Visit, entered: Entered) -> Moved:
        """Begin a session, or ask for the second factor first; who deleted the account is asked whether to keep it."""
        try:
            found = await self._sign_in(visit.actor, entered.login, entered.password, kind=SessionKind.COOKIE)
        except SotyError as error:
            if error.code != "identity.account_deleted":
                raise
            return Moved(UNDO_PAGE)
        if isinstance(found, Challenge):
            return Moved(f"{TWO_FACTOR}?next={quote(next_of(visit.query))}", cookies=[self._carrying.pending(found)])
        return Moved(next_of(visit.query), "signed_in", self._carrying.cookies(found))

    async def show_nothing(self, _: Visit) -> Moved:
        """The address shows no page of its own."""
        return Moved("/")

    async def sign_out(self, visit: Visit, _: Nothing) -> Moved:
        """End the session."""
        if visit.actor.session is not None:
            await self._sign_out(visit.actor)
        return Moved("/sign-in", "signed_out", self._carrying.gone(), forget=True)
