"""Acting as somebody else in a browser, and being oneself again."""

from contextlib import suppress

from core.identity.permissions import IMPERSONATE
from core.identity.usecases.end_sessions import SignOut
from core.identity.usecases.impersonate import Impersonate
from core.kernel.actor import Actor
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.errors import Unauthenticated
from entrypoints.http.panel.carrying import END, Carrying
from entrypoints.http.panel.local import HOME
from entrypoints.http.panel.people import PEOPLE, PERSON, Why
from entrypoints.http.panel.screens import Form, Moved, Nothing, Screen
from entrypoints.http.panel.visit import Visit


class ActingPages:
    """Two forms; the session of the one who acts waits in a cookie of its own."""

    def __init__(
        self, impersonate: Impersonate, sign_out: SignOut, authenticator: Authenticator, carrying: Carrying
    ) -> None:
        """:param authenticator: knows whose the session is that waited."""
        self._impersonate = impersonate
        self._sign_out = sign_out
        self._authenticator = authenticator
        self._carrying = carrying

    def screens(self) -> list[Screen]:
        """Addresses that take a form and show nothing of their own."""
        return [
            Screen(path=END, show=self.show_nothing, forms={"": Form(Nothing, self.end)}),
            Screen(
                path=f"{PERSON}/act-as", needs=IMPERSONATE, show=self.show_person, forms={"": Form(Why, self.begin)}
            ),
        ]

    async def show_nothing(self, _: Visit) -> Moved:
        """The way home."""
        return Moved(HOME)

    async def show_person(self, visit: Visit) -> Moved:
        """The page with the form."""
        return Moved(f"{PEOPLE}/{visit.ids['id']}")

    async def begin(self, visit: Visit, why: Why) -> Moved:
        """Begin; nothing of the one who acts is left in the browser's memory."""
        begun = await self._impersonate(visit.actor, visit.ids["id"], reason=why.reason, in_browser=True)
        return Moved(HOME, cookies=self._carrying.acting(begun, visit.session), forget=True)

    async def end(self, visit: Visit, _: Nothing) -> Moved:
        """End it; the session that waited is taken only where it is that of the one who acted."""
        actor = visit.actor
        if actor.impersonator is None:
            return Moved(HOME)
        await self._sign_out(actor)
        if await self._is_own(actor, visit.own):
            return Moved(f"{PEOPLE}/{actor.account}", "acted", self._carrying.back(visit.own), forget=True)
        return Moved("/sign-in", "signed_out", self._carrying.gone(), forget=True)

    async def _is_own(self, actor: Actor, value: str) -> bool:
        with suppress(Unauthenticated):
            found = await self._authenticator.authenticate(Credential(Scheme.COOKIE, value))
            return found.account == actor.impersonator and found.impersonator is None
        return False
