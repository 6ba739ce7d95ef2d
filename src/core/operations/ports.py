"""What operations needs from the outside."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.kernel.audit import AuditLog
from core.kernel.facts import Fact
from core.kernel.paging import Page
from core.kernel.work import Work
from core.operations.api import ChosenDeliveries, DeliveryState, DeliveryView, FactView, ProcessView


class DeliveryReader(Protocol):
    """Reads deliveries that are not done."""

    @abstractmethod
    async def deliveries(
        self, subscriber: str | None, state: DeliveryState | None, limit: int, cursor: str | None, *, failed: bool
    ) -> Page[DeliveryView]:
        """One page, the oldest facts first, without payloads.

        :param failed: those alone at which an attempt was in vain, dead or to be tried again.
        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def delivery(self, subscriber: str, seq: int) -> DeliveryView | None:
        """One delivery with the payload of its fact; None when it is done or never was."""


class FactReader(Protocol):
    """Reads the outbox, where facts stay for a day after they are done; one that nobody wanted never was there."""

    @abstractmethod
    async def last(self, limit: int) -> list[FactView]:
        """The newest facts, in the order of their numbers.

        :raises Unavailable: the store does not answer.
        """

    @abstractmethod
    async def after(self, seq: int, missing: Sequence[int], limit: int) -> list[FactView]:
        """Those of the given numbers that are there by now, then the next ones of higher numbers, all in order.

        :param limit: of the higher ones at most.
        :raises Unavailable: the store does not answer.
        """


class ProcessReader(Protocol):
    """Sees who works on the store."""

    @abstractmethod
    async def processes(self) -> list[ProcessView]:
        """Every process that is connected now, the one that asks among them, by part and age.

        :raises Unavailable: the store does not answer.
        """


class Deliveries(Protocol):
    """Changes failed deliveries inside a unit of work."""

    @abstractmethod
    async def lock(self, chosen: ChosenDeliveries, limit: int) -> list[int]:
        """Numbers of the oldest of the chosen ones; until the end of the unit of work nobody else changes them."""

    @abstractmethod
    async def replay(self, subscriber: str, seqs: Sequence[int], now: datetime) -> None:
        """Make locked ones due as if never tried; they go on holding back their keys until they are done."""

    @abstractmethod
    async def drop(self, subscriber: str, seqs: Sequence[int]) -> None:
        """Give locked ones up, and let go those that they held back."""


class OperationsWork(Work, Protocol):
    """A unit of work over deliveries."""

    audit: AuditLog
    deliveries: Deliveries
    wanted: frozenset[type[Fact]]
