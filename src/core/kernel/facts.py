"""Published facts: what a module tells others, by a stable name and version."""

from typing import ClassVar

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every published fact; past tense, immutable, self-contained.

    Subclasses set ``name`` (``module.what_happened``) and ``version``; a change that breaks readers is a new version.
    An ``internal`` one is for Soty alone and never leaves it.
    ``key`` orders facts: those with one key reach a subscriber in the order in which they were committed. So whoever
    publishes one holds what the key names until the commit; a fact without a key has no order with any other, and is
    delivered under its own id.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    internal: ClassVar[bool] = False

    def key(self) -> str:
        """The ordering key, usually the id of the thing the fact is about; empty where there is no order."""
        return ""
