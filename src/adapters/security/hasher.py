"""Passwords under Argon2id (RFC 9106)."""

import asyncio
import base64
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import VerifyMismatchError

from core.identity.secrets import PasswordHasher
from core.kernel.errors import Unavailable

QUEUE = 32
"""How many may wait for each core."""


class Argon2Hasher(PasswordHasher):
    """Hashes in threads, as many at once as there are cores, so that a flood of sign-ins leaves the rest alive."""

    def __init__(self, memory: int, passes: int, *, cores: int = os.cpu_count() or 1) -> None:
        """:param memory: KiB for each hash.
        :param passes: over the memory.
        :param cores: how many are hashed at once.
        """
        self._argon2 = Argon2(time_cost=passes, memory_cost=memory, parallelism=1)
        self._nobody = _unreachable(memory, passes)
        self._free = asyncio.Semaphore(cores)
        self._most = cores * (1 + QUEUE)
        self._here = 0

    async def hash(self, password: str) -> str:
        """The encoded hash, which names its parameters.

        :raises Unavailable: too many ask at once.
        """
        async with self._turn():
            return await asyncio.to_thread(self._argon2.hash, password)

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether it was made of this password; without one as much is computed.

        :raises Unavailable: too many ask at once.
        """
        async with self._turn():
            try:
                return await asyncio.to_thread(self._argon2.verify, kept or self._nobody, password)
            except VerifyMismatchError:
                return False

    def is_outdated(self, kept: str) -> bool:
        """Whether its parameters are others than those of now."""
        return self._argon2.check_needs_rehash(kept)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._here >= self._most:
            raise Unavailable(part="passwords")
        self._here += 1
        try:
            async with self._free:
                yield
        finally:
            self._here -= 1


def _unreachable(memory: int, passes: int) -> str:
    """A hash of no password: finding one is as hard as breaking Argon2."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={memory},t={passes},p=1${salt}${digest}"
