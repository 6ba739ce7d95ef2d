"""A new password for who forgot the old one."""

from urllib.parse import quote

import msgspec

from core.identity.events import ResetAsked
from core.identity.usecases.ask_for_letter import AskForLetter
from core.identity.usecases.reset_password import ResetPassword
from entrypoints.http.panel.screens import Form, Moved, Screen, View
from entrypoints.http.panel.visit import Visit

FORGOT, RESET = "/forgot-password", "/reset-password"


class Forgot(msgspec.Struct, frozen=True):
    """Who forgot."""

    login: str


class NewPassword(msgspec.Struct, frozen=True):
    """The new password, and the code of the letter, where no link was opened."""

    new_password: str
    code: str | None = None
    login: str = ""


class Recovering:
    """Pages for who forgot the password."""

    def __init__(self, ask: AskForLetter, reset: ResetPassword) -> None:
        """:param ask: sends the letter."""
        self._ask = ask
        self._reset = reset

    def screens(self) -> list[Screen]:
        """The pages."""
        return [
            Screen(path=FORGOT, needs=None, show=self.show_forgot, forms={"": Form(Forgot, self.ask)}),
            Screen(path=RESET, needs=None, show=self.show_reset, forms={"": Form(NewPassword, self.reset)}),
        ]

    async def show_forgot(self, _: Visit) -> View:
        """The form."""
        return View("forgot.html")

    async def ask(self, visit: Visit, forgot: Forgot) -> Moved:
        """Send a letter, if there is anybody to send it to; the answer is the same."""
        await self._ask(visit.actor, ResetAsked(login=forgot.login, language=visit.reader.language))
        return Moved(f"{RESET}?login={quote(forgot.login)}", "reset_asked")

    async def show_reset(self, visit: Visit) -> View:
        """The form; where a link was opened, it needs no code."""
        return View("reset.html", {"link": visit.query.get("token", ""), "login": visit.query.get("login", "")})

    async def reset(self, visit: Visit, new: NewPassword) -> Moved:
        """Set the password; whoever has it signs in then."""
        token = visit.query.get("token", "")
        proof = {"token": token} if token else {"code": (new.code or "").strip(), "login": new.login}
        await self._reset(visit.actor, new.new_password, **proof)
        return Moved("/sign-in", "password_set")
