"""Registration, and the proof that an address is one's own."""

from urllib.parse import quote

import msgspec

from core.identity.events import VerificationAsked
from core.identity.usecases.ask_for_letter import AskForLetter
from core.identity.usecases.register import Register
from core.identity.usecases.verify_contact import VerifyContact
from core.kernel.actor import ActorKind
from entrypoints.http.panel.local import HOME
from entrypoints.http.panel.screens import Form, Moved, Nothing, Screen, View
from entrypoints.http.panel.visit import Visit

VERIFY = "/verify-email"


class Joining(msgspec.Struct, frozen=True):
    """Who wants an account."""

    login: str
    password: str


class Digits(msgspec.Struct, frozen=True):
    """The code of a letter, and where that came."""

    code: str
    login: str = ""


class Address(msgspec.Struct, frozen=True):
    """Where another letter is to go."""

    login: str


class JoiningPages:
    """Pages for who comes for the first time."""

    def __init__(self, register: Register, verify: VerifyContact, ask: AskForLetter) -> None:
        """:param ask: sends another letter."""
        self._register = register
        self._verify = verify
        self._ask = ask

    def screens(self) -> list[Screen]:
        """The pages."""
        verifying = {
            "link": Form(Nothing, self.verify_link),
            "code": Form(Digits, self.verify_code),
            "resend": Form(Address, self.resend),
        }
        return [
            Screen(path="/register", needs=None, show=self.show_register, forms={"": Form(Joining, self.register)}),
            Screen(path=VERIFY, needs=None, show=self.show_verify, forms=verifying),
        ]

    async def show_register(self, _: Visit) -> View:
        """The form."""
        return View("register.html")

    async def register(self, visit: Visit, joining: Joining) -> Moved:
        """Make an account; a username needs no letter."""
        await self._register(visit.actor, joining.login, joining.password, language=visit.reader.language)
        if "@" not in joining.login:
            return Moved("/sign-in", "registered")
        return Moved(_waiting(joining.login), "letter")

    async def show_verify(self, visit: Visit) -> View:
        """A button where a link was opened, since programs open links too; else the form for the code."""
        login = visit.query.get("login", "")
        return View("verify.html", {"link": visit.query.get("token", ""), "login": login})

    async def verify_link(self, visit: Visit, _: Nothing) -> Moved:
        """Take the link."""
        await self._verify(visit.actor, token=visit.query.get("token", ""))
        return _verified(visit)

    async def verify_code(self, visit: Visit, digits: Digits) -> Moved:
        """Take the code."""
        await self._verify(visit.actor, code=digits.code.strip(), login=digits.login or None)
        return _verified(visit)

    async def resend(self, visit: Visit, address: Address) -> Moved:
        """Send another letter, if there is anybody to send it to."""
        await self._ask(visit.actor, VerificationAsked(login=address.login, language=visit.reader.language))
        return Moved(_waiting(address.login), "letter")


def _waiting(login: str) -> str:
    return f"{VERIFY}?login={quote(login)}"


def _verified(visit: Visit) -> Moved:
    return Moved("/sign-in" if visit.actor.kind is ActorKind.ANONYMOUS else HOME, "verified")
