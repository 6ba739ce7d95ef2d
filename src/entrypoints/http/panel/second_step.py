"""The second step of a sign-in."""

import msgspec

from core.identity.usecases.complete_sign_in import CompleteSignIn
from entrypoints.http.panel.carrying import TWO_FACTOR, Carrying
from entrypoints.http.panel.local import next_of
from entrypoints.http.panel.screens import About, Form, Moved, Outcome, Screen, View
from entrypoints.http.panel.visit import Visit


class AppCode(msgspec.Struct, frozen=True):
    """What the app shows."""

    code: str


class RecoveryCode(msgspec.Struct, frozen=True):
    """One of the codes that were kept for the day when the app is gone."""

    recovery_code: str


class SecondStep:
    """The page between the password and the session."""

    def __init__(self, complete: CompleteSignIn, carrying: Carrying) -> None:
        """:param complete: begins the session."""
        self._complete = complete
        self._carrying = carrying

    def screens(self) -> list[Screen]:
        """The page."""
        forms = {
            "code": Form(AppCode, self.by_app, {"identity.second_factor_wrong": About("code")}),
            "recovery": Form(RecoveryCode, self.by_recovery, {"identity.second_factor_wrong": About("recovery_code")}),
        }
        return [Screen(path=TWO_FACTOR, needs=None, show=self.show, forms=forms)]

    async def show(self, visit: Visit) -> Outcome:
        """The forms; without a password before them there is nothing to do here."""
        return View("two_factor.html") if visit.pending else Moved("/sign-in")

    async def by_app(self, visit: Visit, shown: AppCode) -> Moved:
        """Take the code of the app."""
        return await self._begin(visit, shown.code)

    async def by_recovery(self, visit: Visit, shown: RecoveryCode) -> Moved:
        """Take a recovery code, which is used up then."""
        return await self._begin(visit, shown.recovery_code)

    async def _begin(self, visit: Visit, code: str) -> Moved:
        signed = await self._complete(visit.actor, visit.pending, code.strip())
        cookies = [*self._carrying.cookies(signed), self._carrying.nothing_pending()]
        return Moved(next_of(visit.query), "signed_in", cookies)
