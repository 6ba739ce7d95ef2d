"""UUIDv7 identifiers."""

import secrets
from time import time_ns
from uuid import UUID

from core.kernel.ids import Ids

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


class Uuid7Ids(Ids):
    """UUIDv7 that grow within a process, even within one millisecond or when the clock is set back.

    ``rand_a`` holds twelve more bits of the time (RFC 9562 §6.2, method 3); an instant that is not later than the one
    before is taken as one tick of 244 ns after it, so that identifiers of a burst run ahead of the clock by a little.
    """

    def __init__(self) -> None:
        self._latest = 0

    def new(self) -> UUID:
        """A fresh identifier.

        :returns: a UUIDv7 (RFC 9562 §5.7), greater than every one this object returned before.
        """
        milliseconds, rest = divmod(time_ns(), 1_000_000)
        self._latest = max(self._latest + 1, milliseconds << 12 | (rest << 12) // 1_000_000)
        stamp, fraction = self._latest >> 12, self._latest & 0xFFF
        return UUID(int=stamp << 80 | _VERSION | fraction << 64 | _VARIANT | secrets.randbits(62))
