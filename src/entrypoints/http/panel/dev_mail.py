"""Letters that did not leave this machine, for whoever develops; in prod the addresses are not there."""

import re
from urllib.parse import parse_qsl

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.types import Receive, Scope

from core.notifications.api import MailView
from core.notifications.ports import Mailbox
from entrypoints.http.answer import Answer
from entrypoints.http.errors import AddressUnknownError
from entrypoints.http.panel.screens import Form, Moved, Outcome, Screen, View
from entrypoints.http.panel.visit import Visit
from entrypoints.http.route import plain_route
from entrypoints.shared.settings import Settings

PAGE = "/dev/mail"
MOST = 100
POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    b"sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A letter runs nothing, loads nothing, and is shown in our own page alone; its links open beside it."""

_LINK = re.compile(r"https?://\S+")
_HEAD = re.compile(r"<head>", re.IGNORECASE)


class Nothing(msgspec.Struct, frozen=True):
    """A form without fields."""


class DevMail:
    """Pages and addresses of the mailbox."""

    def __init__(self, mailbox: Mailbox, settings: Settings) -> None:
        """:param settings: whose profile says whether there is a mailbox to see."""
        self._mailbox = mailbox
        self._there = settings.app.profile != "prod"
        self._gateway = settings.mail.gateway()
        self._home = f"{settings.public_url}/"

    def screens(self) -> list[Screen]:
        """The page, which shows the list, or the letter of a ``key``."""
        forms = {"clear": Form(Nothing, self._clear)}
        return [Screen(path=PAGE, needs=None, show=self._show, forms=forms)] if self._there else []

    def routes(self) -> list[HTTPRouteHandler]:
        """The letters as JSON, and the HTML of one by itself."""
        if not self._there:
            return []
        return [
            plain_route("GET", f"{PAGE}.json", "dev mail as JSON", self._json),
            plain_route("GET", f"{PAGE}/html", "dev mail as HTML", self._html),
        ]

    async def _show(self, visit: Visit) -> Outcome:
        if key := visit.query.get("key"):
            letter = await self._one(key)
            found = dict.fromkeys(_LINK.findall(letter.text))
            return View("dev_letter.html", {"letter": letter, "links": [each for each in found if each != self._home]})
        to = visit.query.get("to") or None
        letters = await self._mailbox.letters(to, MOST)
        return View("dev_mail.html", {"letters": letters, "to": to or "", "leaves": self._gateway is not None})

    async def _clear(self, _: Visit, __: Nothing) -> Outcome:
        await self._mailbox.clear()
        return Moved(PAGE)

    async def _json(self, scope: Scope, _: Receive) -> Answer:
        query = _query(scope)
        letters = await self._mailbox.letters(query.get("to") or None, MOST)
        return Answer(200, msgspec.json.encode(letters), [(b"content-type", b"application/json")])

    async def _html(self, scope: Scope, _: Receive) -> Answer:
        letter = await self._one(_query(scope).get("key", ""))
        html = _HEAD.sub('<head><base target="_blank">', letter.html, count=1)
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-security-policy", POLICY)]
        return Answer(200, html.encode(), headers)

    async def _one(self, key: str) -> MailView:
        """The letter of a key.

        :raises AddressUnknownError: there is none.
        """
        letter = await self._mailbox.find(key)
        if letter is None:
            raise AddressUnknownError
        return letter


def _query(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope["query_string"].decode("latin-1")))
