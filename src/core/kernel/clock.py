"""Time as a port, so that one fake clock moves every adapter alike."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of the current time."""

    @abstractmethod
    def now(self) -> datetime:
        """The current instant.

        :returns: an aware datetime in UTC; never earlier than an answer given before.
        """
