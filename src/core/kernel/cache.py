"""A cache in front of the store, which may be away or emptied at any moment and never tells what is not so."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

Load = Callable[[], Awaitable[bytes]]

LIFETIME_SECONDS = 5.0
"""No entry lives longer, so it is the most that a reader can lag when an entry could not be forgotten."""


class Cache(Protocol):
    """Keeps encoded answers by key for a few seconds.

    Who commits a change forgets the keys before it answers. A load that was under way at that moment does not put its
    old value back: an entry is set only under the token that the load left at its start and that forgetting removed.
    """

    keeps: bool = True
    """False where nothing is ever kept, so that nobody need work out what to forget."""

    @abstractmethod
    async def get(self, key: str, load: Load) -> bytes:
        """The entry, or what a load gives; of many that miss one key at once in a process one loads.

        When the cache is away the load answers.

        :param load: reads the store; its errors come out, and nothing is kept.
        """

    @abstractmethod
    async def forget(self, keys: Sequence[str]) -> bool:
        """Remove entries, within 0.2 s; never fails.

        :returns: whether they are gone for sure; if not they are forgotten later, and at the latest when they expire.
        """
