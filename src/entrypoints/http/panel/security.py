"""How somebody signs in, and where."""

from typing import Literal
from uuid import UUID

import msgspec

from core.identity.usecases.change_password import ChangePassword
from core.identity.usecases.end_sessions import RevokeSessions
from core.identity.usecases.queries.me import GetMe, ListSessions
from entrypoints.http.panel.carrying import Carrying
from entrypoints.http.panel.confirming import not_the_password
from entrypoints.http.panel.device import device
from entrypoints.http.panel.screens import About, Form, Moved, Nothing, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.http.panel.ways import PASSWORD, SECURITY, Ways


class Which(msgspec.Struct, frozen=True):
    """One of a list."""

    id: UUID


class Change(msgspec.Struct, frozen=True):
    """The password of now, and the new one; a box that was not ticked is not sent."""

    current_password: str
    new_password: str
    revoke_api_keys: Literal["", "yes"] = ""


class Security:
    """Pages about passwords and sessions."""

    def __init__(
        self,
        me: GetMe,
        sessions: ListSessions,
        revoke: RevokeSessions,
        change: ChangePassword,
        ways: Ways,
        carrying: Carrying,
    ) -> None:
        """:param me: tells what the account has."""
        self._me = me
        self._sessions = sessions
        self._revoke = revoke
        self._change = change
        self._ways = ways
        self._carrying = carrying

    def screens(self) -> list[Screen]:
        """The pages."""
        sessions = {"end": Form(Which, self.end), "others": Form(Nothing, self.end_others)}
        about = {"identity.wrong_credentials": About("current_password", not_the_password)}
        return [
            Screen(path=SECURITY, show=self.show, forms=sessions),
            Screen(path=PASSWORD, show=self.show_password, forms={"": Form(Change, self.change, about)}),
        ]

    async def show(self, visit: Visit) -> View:
        """Ways to sign in, and sessions with the device of each and why it ended."""
        found = await self._sessions(visit.actor)
        return View("security.html", {"ways": await self._ways.of(visit), "sessions": found.items, "device": device})

    async def end(self, visit: Visit, which: Which) -> Moved:
        """End one session."""
        await self._revoke(visit.actor, which.id)
        return Moved(SECURITY, "ended")

    async def end_others(self, visit: Visit, _: Nothing) -> Moved:
        """End all sessions but this one."""
        await self._revoke.others(visit.actor)
        return Moved(SECURITY, "ended")

    async def show_password(self, visit: Visit) -> View:
        """The form, with the name for password managers."""
        me = await self._me(visit.actor)
        return View("password.html", {"login": me.email or me.username or me.phone or ""})

    async def change(self, visit: Visit, change: Change) -> Moved:
        """Change the password; this session goes on."""
        gone = change.revoke_api_keys == "yes"
        renewed = await self._change(visit.actor, change.current_password, change.new_password, revoke_api_keys=gone)
        return Moved(SECURITY, "password_changed", self._carrying.cookies(renewed))
