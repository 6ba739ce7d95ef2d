"""What notifications needs from outside."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from core.notifications.api import MailView


class Letter(msgspec.Struct, frozen=True):
    """What a letter says: a subject of one line, and the same in plain text and in HTML."""

    subject: str
    text: str
    html: str


class Mail(msgspec.Struct, frozen=True):
    """A letter on its way: the same ``id`` means the same letter, sent once more."""

    id: UUID
    to: str
    at: datetime
    letter: Letter


class LetterWriter(Protocol):
    """Writes letters in the language of their readers."""

    @abstractmethod
    def write(self, name: str, language: str, params: Mapping[str, str]) -> Letter:
        """Write one; what ``params`` hold is shown and never understood as markup.

        :param name: such as ``identity.verify_email``.
        :param language: one that Soty does not speak gets the default.
        :param params: ``link`` and names that end so are paths of Soty, ``at`` and names that end so moments as
            ISO 8601.
        :raises LetterUnwritable: there is none of this name, or a parameter is missing or is not what its name says.
        """


class MailSender(Protocol):
    """Hands letters over for good."""

    @abstractmethod
    async def send(self, mail: Mail) -> None:
        """Hand one over; it may have been taken even if this fails, so its ``Message-ID`` follows from its id.

        :raises LetterRefused: it will never be taken; with the code of the gateway and nothing of the letter.
        :raises LetterPutOff: it is not taken now; likewise.
        :raises Unavailable: the gateway cannot be reached, or does not let us in.
        """


class Mailbox(Protocol):
    """Letters that were not handed over but kept on this machine, for whoever develops."""

    @abstractmethod
    async def letters(self, to: str | None, limit: int) -> list[MailView]:
        """The newest letters first.

        :param to: only those to this address, whatever the case.
        """

    @abstractmethod
    async def find(self, key: str) -> MailView | None:
        """One letter; None when there is none of this key."""

    @abstractmethod
    async def clear(self) -> None:
        """Remove all letters."""
