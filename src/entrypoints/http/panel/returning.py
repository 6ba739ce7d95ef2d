"""The page on which a deletion is taken back: by the link of the letter, or without it."""

from contextlib import suppress
from datetime import date

import msgspec

from core.identity.usecases.delete_account import UNDO_PAGE, UndoDeletion
from core.identity.usecases.keep_account import KeepAccount
from entrypoints.http.panel.screens import About, Form, Moved, Nothing, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.shared.texts import page_text


class Known(msgspec.Struct, frozen=True):
    """Who wants to stay; the code where the second factor is on."""

    login: str
    password: str
    code: str | None = None


class Returning:
    """One button where a link leads here, since programs open links too; else a form."""

    def __init__(self, undo: UndoDeletion, keep: KeepAccount) -> None:
        """:param undo: takes the deletion back by the letter, ``keep`` by the password."""
        self._undo = undo
        self._keep = keep

    def screens(self) -> list[Screen]:
        """The page."""
        about = {"identity.second_factor_wrong": About("code")}
        forms = {"": Form(Nothing, self.undo), "keep": Form(Known, self.keep, about)}
        return [Screen(path=UNDO_PAGE, needs=None, show=self.show, forms=forms)]

    async def show(self, visit: Visit) -> View:
        """What the button does, or that the deletion waits."""
        language = visit.reader.language
        if "token" not in visit.query:
            return View("deleted.html", {"until": _day(visit.query.get("until", ""), language)})
        heading, says = page_text(language, "panel.undo_deletion"), page_text(language, "panel.undo_deletion_says")
        return View("button.html", {"heading": heading, "says": says})

    async def undo(self, visit: Visit, _: Nothing) -> Moved:
        """Take it back."""
        await self._undo(visit.actor, visit.query.get("token", ""))
        return Moved("/sign-in", "deletion_undone")

    async def keep(self, visit: Visit, known: Known) -> Moved:
        """Take it back without the letter."""
        await self._keep(visit.actor, known.login, known.password, code=(known.code or "").strip())
        return Moved("/sign-in", "deletion_undone")


def _day(text: str, language: str) -> str:
    """The day that an address names, as people write it; empty when it names none."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        return f"{day:%d.%m.%Y}" if language == "ru" else f"{day:%d %b %Y}"
    return ""
