"""Turning the second factor on and off."""

import msgspec

from core.identity.usecases.keep_second_factor import ConfirmTotp, DisableTotp, RenewRecoveryCodes, StartTotp
from core.identity.usecases.queries.second_factor import GetSecondFactor
from entrypoints.http.panel.screens import About, Form, Moved, Nothing, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.http.panel.ways import SECOND_FACTOR, SECURITY


class AppCode(msgspec.Struct, frozen=True):
    """What the app shows."""

    code: str


class SecondFactor:
    """The page about the second factor."""

    def __init__(
        self,
        get: GetSecondFactor,
        start: StartTotp,
        confirm: ConfirmTotp,
        disable: DisableTotp,
        renew: RenewRecoveryCodes,
    ) -> None:
        """:param renew: makes new recovery codes."""
        self._get = get
        self._start = start
        self._confirm = confirm
        self._disable = disable
        self._renew = renew

    def screens(self) -> list[Screen]:
        """The page."""
        forms = {
            "start": Form(Nothing, self.start),
            "confirm": Form(AppCode, self.confirm, {"identity.second_factor_wrong": About("code")}),
            "off": Form(Nothing, self.disable),
            "renew": Form(Nothing, self.renew),
        }
        return [Screen(path=SECOND_FACTOR, show=self.show, forms=forms, proof=True)]

    async def show(self, visit: Visit) -> View:
        """Whether it is on."""
        return View("second_factor.html", {"factor": await self._get(visit.actor), "enrolment": None, "codes": ()})

    async def start(self, visit: Visit, _: Nothing) -> View:
        """Show the secret to an app, this once."""
        enrolment = await self._start(visit.actor)
        factor = await self._get(visit.actor)
        return View("second_factor.html", {"factor": factor, "enrolment": enrolment, "codes": ()})

    async def confirm(self, visit: Visit, shown: AppCode) -> View:
        """Turn it on, and show the recovery codes, this once."""
        return await self._with_codes(visit, (await self._confirm(visit.actor, shown.code.strip())).codes)

    async def disable(self, visit: Visit, _: Nothing) -> Moved:
        """Turn it off."""
        await self._disable(visit.actor)
        return Moved(SECURITY, "saved")

    async def renew(self, visit: Visit, _: Nothing) -> View:
        """Show new recovery codes; those of before are void."""
        return await self._with_codes(visit, (await self._renew(visit.actor)).codes)

    async def _with_codes(self, visit: Visit, codes: list[str]) -> View:
        factor = await self._get(visit.actor)
        return View("second_factor.html", {"factor": factor, "enrolment": None, "codes": codes})
