"""Limits on how often something may be done."""

from abc import abstractmethod
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_network
from typing import Protocol

import msgspec

from core.kernel.errors import Kind, SotyError

_FEW = 1024


class Limit(msgspec.Struct, frozen=True):
    """``count`` times at once, and as they are used up one more every ``seconds / count``."""

    name: str
    count: int
    seconds: float

    @property
    def interval(self) -> int:
        """What one attempt costs, in whole microseconds."""
        return max(1, int(self.seconds * 1_000_000) // self.count)


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

    @abstractmethod
    async def forgive(self, limit: Limit, who: str) -> None:
        """Take back one attempt that was counted, where only those in vain shall count. Never fails."""


def allowance(limit: Limit, ahead: int) -> Allowance:
    """Judge one attempt.

    :param ahead: how far those before it reach into the future, in microseconds; one that passes adds ``interval``.
    """
    most = limit.interval * limit.count
    ahead_then = ahead + limit.interval
    if ahead_then > most:
        return Allowance(False, 0, (ahead_then - most) / 1e6, ahead / 1e6)
    return Allowance(True, (most - ahead_then) // limit.interval, 0.0, ahead_then / 1e6)


@lru_cache(4096)
def network_of(address: str) -> str:
    """Whom an address stands for when attempts are counted: itself, or the 2⁶⁴ addresses of one customer in IPv6.

    :param address: as :class:`~core.kernel.actor.Origin` has it; what is none stands for itself.
    """
    try:
        return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
    except ValueError:
        return address


class Buckets:
    """Attempts as one process counts them; what has run out is dropped, so it holds no more than is limited now."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], int] = {}
        self._look_at = _FEW

    def attempt(self, limit: Limit, who: str, now: datetime) -> Allowance:
        """Count one attempt of somebody, unless it is not allowed."""
        moment = int(now.timestamp() * 1_000_000)
        if len(self._until) >= self._look_at:
            self._until = {key: until for key, until in self._until.items() if until > moment}
            self._look_at = max(_FEW, 2 * len(self._until))
        ahead = max(0, self._until.get((limit.name, who), moment) - moment)
        found = allowance(limit, ahead)
        if found.allowed:
            self._until[limit.name, who] = moment + ahead + limit.interval
        return found

    def forgive(self, limit: Limit, who: str) -> None:
        """Take back one attempt of somebody; nothing where none is counted."""
        until = self._until.get((limit.name, who))
        if until is not None:
            self._until[limit.name, who] = until - limit.interval
