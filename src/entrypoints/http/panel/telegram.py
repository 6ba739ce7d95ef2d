"""Joining an account and a user of Telegram."""

from core.identity.usecases.link_telegram import InviteTelegram, UnlinkTelegram
from entrypoints.http.panel.screens import Form, Moved, Nothing, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.http.panel.ways import SECURITY, TELEGRAM


class Telegram:
    """The page about Telegram."""

    def __init__(self, invite: InviteTelegram, unlink: UnlinkTelegram) -> None:
        """:param invite: makes the address that opens our bot."""
        self._invite = invite
        self._unlink = unlink

    def screens(self) -> list[Screen]:
        """The page."""
        forms = {"join": Form(Nothing, self.join), "part": Form(Nothing, self.part)}
        return [Screen(path=TELEGRAM, show=self.show, forms=forms, proof=True)]

    async def show(self, _: Visit) -> View:
        """What can be done."""
        return View("telegram.html", {"url": ""})

    async def join(self, visit: Visit, _: Nothing) -> View:
        """Show the address; one tap in Telegram does the rest."""
        return View("telegram.html", {"url": (await self._invite(visit.actor)).url})

    async def part(self, visit: Visit, _: Nothing) -> Moved:
        """Drop the link."""
        await self._unlink(visit.actor)
        return Moved(SECURITY, "removed")
