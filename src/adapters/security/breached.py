"""Passwords that everybody knows, offline: a sorted list of short hashes beside this file (see breached.md)."""

from bisect import bisect_left
from collections.abc import Iterable
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path

from core.identity.secrets import BreachedPasswords

SIZE = 5
"""Bytes of a hash: of a million good passwords less than one is taken for a known one."""

LIST = Path(__file__).with_name("breached.bin")


class BreachedList(BreachedPasswords):
    """Looks a password up among hashes; a lookup costs some microseconds."""

    def __init__(self, packed: bytes | mmap) -> None:
        """:param packed: as :func:`packed` makes it."""
        self._packed = packed
        self._places = range(len(packed) // SIZE)

    async def knows(self, password: str) -> bool:
        """Whether it is on the list, in whatever letters."""
        wanted = _hashed(password)
        place = bisect_left(self._places, wanted, key=self._at)
        return self._at(place) == wanted

    def _at(self, place: int) -> bytes:
        return self._packed[place * SIZE : (place + 1) * SIZE]


def kept() -> mmap:
    """The list of the package; of the file only what is looked at takes memory."""
    with LIST.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


def packed(passwords: Iterable[str]) -> bytes:
    """The list of some passwords."""
    return b"".join(sorted({_hashed(password) for password in passwords}))


def _hashed(password: str) -> bytes:
    return sha256(password.casefold().encode("utf-8", "surrogatepass")).digest()[:SIZE]
