"""Limits on how often something may be done."""

from abc import abstractmethod
from typing import Protocol

import msgspec

from core.kernel.errors import Kind, SotyError


class Limit(msgspec.Struct, frozen=True):
    """``count`` times in any ``seconds``, all of which may come at once."""

    name: str
    count: int
    seconds: float


class Allowance(msgspec.Struct, frozen=True):
    """Whether an attempt passes, how many more would now, and in how many seconds one more or all would."""

    allowed: bool
    remaining: int
    retry_after: float
    reset_after: float


class Limited(SotyError):
    """Too many attempts; ``retry_after`` is in seconds."""

    code = "kernel.limited"
    kind = Kind.LIMITED


class RateLimiter(Protocol):
    """Counts attempts by the generic cell rate algorithm (ITU-T I.371), exactly and over all processes."""

    @abstractmethod
    async def attempt(self, limit: Limit, who: str) -> Allowance:
        """Count one attempt of somebody; one that is not allowed is not counted. Never fails.

        When the shared count is away each process counts for itself.
        """
