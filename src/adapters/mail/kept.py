"""Letters that stay on this machine, in memory or in a Maildir, for whoever develops."""

import asyncio
import re
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from mailbox import Maildir
from pathlib import Path
from threading import Lock

from msgspec.structs import replace

from adapters.mail.message import composed
from core.kernel.errors import Unavailable
from core.notifications.api import MailView
from core.notifications.ports import Mail, Mailbox, MailSender

MOST = 200
PARTS = ("tmp", "new", "cur")
PHONE, NOWHERE = "tel:", "@phone.invalid"
_PLACE = re.compile(r"(\d+)\.M(\d+)P\d+Q(\d+)\.")
"""Where in time the name of a file of a Maildir is: seconds, microseconds, and a count."""

_COUNTING = Lock()


class MemoryMail(MailSender, Mailbox):
    """Keeps the newest letters in memory."""

    def __init__(self, sender: Address) -> None:
        """:param sender: whom letters are from."""
        self._sender = sender
        self._kept: deque[tuple[str, bytes]] = deque(maxlen=MOST)
        self._count = 0

    async def send(self, mail: Mail) -> None:
        raw = composed(_kept(mail), self._sender).as_bytes()
        self._count += 1
        self._kept.append((str(self._count), raw))

    async def letters(self, to: str | None, limit: int) -> list[MailView]:
        return _chosen((_view(key, raw) for key, raw in reversed(self._kept)), to, limit)

    async def find(self, key: str) -> MailView | None:
        return next((_view(each, raw) for each, raw in self._kept if each == key), None)

    async def clear(self) -> None:
        self._kept.clear()


class MaildirMail(MailSender, Mailbox):
    """Keeps letters in a Maildir, which several processes may share and programs for mail can read."""

    def __init__(self, folder: Path, sender: Address) -> None:
        """:param folder: is made when there is none; only its owner may read it."""
        self._folder = folder
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        raw = composed(_kept(mail), self._sender).as_bytes()
        try:
            await asyncio.to_thread(self._add, raw)
        except OSError as error:
            raise Unavailable(part="mail", reason=type(error).__name__) from error

    async def letters(self, to: str | None, limit: int) -> list[MailView]:
        return await asyncio.to_thread(self._letters, to, limit)

    async def find(self, key: str) -> MailView | None:
        return await asyncio.to_thread(self._find, key)

    async def clear(self) -> None:
        await asyncio.to_thread(lambda: self._open().clear())

    def _add(self, raw: bytes) -> None:
        """The names of files are made from a count of the whole process, which threads must not share."""
        with _COUNTING:
            self._open().add(raw)

    def _open(self) -> Maildir:
        """The Maildir, with parts that others may make at the same time."""
        for part in ("", *PARTS):
            (self._folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        return Maildir(self._folder)

    def _letters(self, to: str | None, limit: int) -> list[MailView]:
        maildir = self._open()
        newest = sorted(maildir.keys(), key=_place, reverse=True)
        return _chosen((_view(key, maildir.get_bytes(key)) for key in newest), to, limit)

    def _find(self, key: str) -> MailView | None:
        try:
            return _view(key, self._open().get_bytes(key))
        except KeyError:
            return None


def _kept(mail: Mail) -> Mail:
    """A letter as it is kept: a text to a phone, which nothing here sends, under an address that cannot exist."""
    number = mail.to.removeprefix(PHONE)
    return mail if number == mail.to else replace(mail, to=number + NOWHERE)


def _shown(to: str) -> str:
    number = to.removesuffix(NOWHERE)
    return to if number == to else PHONE + number


def _place(key: str) -> tuple[int, ...]:
    found = _PLACE.match(key)
    return tuple(map(int, found.groups())) if found else (0, 0, 0)


def _chosen(letters: Iterable[MailView], to: str | None, limit: int) -> list[MailView]:
    found = list[MailView]()
    for each in letters:
        if len(found) == limit:
            break
        if to is None or each.to.casefold() == to.casefold():
            found.append(each)
    return found


def _view(key: str, raw: bytes) -> MailView:
    message = message_from_bytes(raw, EmailMessage, policy=SMTPUTF8)
    return MailView(
        key=key,
        at=message["Date"].datetime.astimezone(UTC) if message["Date"] else datetime.fromtimestamp(0, UTC),
        to=_shown(str(message["To"])),
        subject=str(message["Subject"]),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers=[(name, str(value)) for name, value in message.items()],
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")
