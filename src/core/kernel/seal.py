"""Keeping secrets that must be read again, such as a link on its way into a mail."""

from abc import abstractmethod
from typing import Protocol

from core.kernel.errors import Kind, SotyError


class BrokenSeal(SotyError):
    """A sealed text that was changed, or sealed under a key that is gone."""

    code = "kernel.broken_seal"
    kind = Kind.UNAVAILABLE


class Seal(Protocol):
    """Authenticated encryption: what is sealed can be kept in a table or a fact, where nobody can read or change it."""

    @abstractmethod
    def seal(self, text: str) -> str:
        """Seal a text; the same text never gives the same result twice."""

    @abstractmethod
    def open(self, sealed: str) -> str:
        """What was sealed, under the key of now or the one before.

        :raises BrokenSeal: it was changed, or its key is gone.
        """
