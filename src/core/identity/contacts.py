"""What identity needs to read addresses and numbers."""

from abc import abstractmethod
from typing import Protocol


class Contacts(Protocol):
    """Knows what addresses of mail and numbers of phones look like; asks nobody whether they exist."""

    @abstractmethod
    def email(self, text: str) -> str | None:
        """An address (RFC 5321, RFC 6531) as it is to be shown; None when it is none."""

    @abstractmethod
    def phone(self, text: str) -> str | None:
        """A number in the form of E.164, such as +4930123456; None when it is none, or its country is not told."""
