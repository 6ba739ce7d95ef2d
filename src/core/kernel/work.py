"""The unit of work: everything a use case writes is kept together or not at all."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from core.kernel.audit import AuditLog
from core.kernel.errors import Contended
from core.kernel.facts import Fact
from core.kernel.outbox import Delivery
from core.kernel.requests import RequestKey

T = TypeVar("T")
W = TypeVar("W", bound="Work", covariant=True)

ATTEMPTS = 8


class Work(Protocol):
    """What every module's unit of work has; modules add their repositories as attributes."""

    audit: AuditLog
    wanted: frozenset[type[Fact]]
    """Facts that somebody listens to; a use case on a hot path need not build the others."""

    @abstractmethod
    def publish(self, *facts: Fact) -> None:
        """Tell facts to listeners and subscribers after the commit, and never without it."""

    @abstractmethod
    async def answer(self, result: object) -> None:
        """Keep what the request is answered, as JSON, for when it comes again; nothing for a request without a key."""


class FactListener(Protocol):
    """Hears facts inside this process."""

    wanted: frozenset[type[Fact]]

    @abstractmethod
    def hear(self, facts: Sequence[Fact]) -> None:
        """Take the wanted facts of one committed unit of work, in the order of publishing; must not fail."""


class OpenWork(Protocol[W]):
    """Opens units of work."""

    @abstractmethod
    def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AbstractAsyncContextManager[W]:
        """A unit of work that commits on a clean exit and rolls back on an error.

        :param delivery: is marked done with the commit, under the lease that it was given with.
        :param request: makes the unit of work happen once: its answer is kept with the commit.
        :raises Superseded: the delivery is done, or another's.
        :raises AnsweredBefore: the request was done; with its answer.
        :raises RequestInFlight: the same request is being done.
        :raises RequestKeyReused: the key was used for a request with another content.
        :raises Contended: a concurrent writer won; run the whole unit again.
        :raises Unavailable: the store does not answer; nothing was kept, unless the commit itself was cut off.
        :raises RuntimeError: a unit of work is open already in this task.
        """


async def again_if_contended(attempt: Callable[[], Awaitable[T]]) -> T:
    """Run a whole unit of work, again when a concurrent writer won.

    :param attempt: opens its own unit of work at every call and is safe to repeat.
    :raises Contended: it lost every time.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return await attempt()
        except Contended:
            continue
    return await attempt()
