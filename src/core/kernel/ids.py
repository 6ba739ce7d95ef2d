"""Identifiers as a port."""

from abc import abstractmethod
from typing import Protocol
from uuid import UUID


class Ids(Protocol):
    """Makes identifiers for what Soty itself creates."""

    @abstractmethod
    def new(self) -> UUID:
        """A fresh identifier.

        :returns: a UUIDv7 (RFC 9562 §5.7), greater than every one this object returned before.
        """
