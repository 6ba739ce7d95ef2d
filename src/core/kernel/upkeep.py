"""Work that a store needs now and then to stay fast."""

from abc import abstractmethod
from typing import Protocol


class Upkeep(Protocol):
    """Keeps a store in shape while it is in use."""

    @abstractmethod
    async def keep_up(self) -> None:
        """Do a bounded piece of what is due; harmless when nothing is, and in several processes at once.

        :raises Unavailable: the store does not answer.
        """
