"""Sign-in without a password: by six digits that a letter brings."""

from urllib.parse import quote

import msgspec

from core.identity.api import Challenge, SessionKind
from core.identity.usecases.sign_in_by_code import AskSignInCode, SignInByCode
from entrypoints.http.panel.carrying import BY_CODE, TWO_FACTOR, Carrying
from entrypoints.http.panel.local import next_of
from entrypoints.http.panel.screens import Form, Moved, Screen, View
from entrypoints.http.panel.visit import Visit


class Asking(msgspec.Struct, frozen=True):
    """Who wants a code."""

    login: str


class Digits(msgspec.Struct, frozen=True):
    """The code of the letter."""

    code: str


class SigningInByCode:
    """The page that sends a code, and takes it."""

    def __init__(self, ask: AskSignInCode, sign_in: SignInByCode, carrying: Carrying) -> None:
        """:param ask: sends the letter."""
        self._ask = ask
        self._sign_in = sign_in
        self._carrying = carrying

    def screens(self) -> list[Screen]:
        """The page."""
        forms = {"ask": Form(Asking, self.ask), "code": Form(Digits, self.sign_in)}
        return [Screen(path=BY_CODE, needs=None, show=self.show, forms=forms)]

    async def show(self, visit: Visit) -> View:
        """The question who it is; once it was answered, the form for the code."""
        return View("sign_in_by_code.html", {"asked": bool(visit.pending)})

    async def ask(self, visit: Visit, asking: Asking) -> Moved:
        """Send a code, if there is anybody to send it to; only this browser can use it."""
        asked = await self._ask(visit.actor, asking.login, language=visit.reader.language)
        return Moved(visit.address, "code_asked", [self._carrying.asked(asked.token)])

    async def sign_in(self, visit: Visit, digits: Digits) -> Moved:
        """Begin a session, or ask for the second factor first."""
        place = next_of(visit.query)
        kind = SessionKind.COOKIE
        found = await self._sign_in(visit.actor, visit.pending, digits.code.strip(), kind=kind)
        if isinstance(found, Challenge):
            return Moved(f"{TWO_FACTOR}?next={quote(place)}", cookies=[self._carrying.pending(found)])
        return Moved(place, "signed_in", [*self._carrying.cookies(found), self._carrying.asked("")])
