"""What operations needs from the outside."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.kernel.audit import AuditLog
from core.kernel.facts import Fact
from core.kernel.paging import Page
from core.kernel.work import Work
from core.operations.api import ChosenDeliveries, DeliveryState, DeliveryView


class DeliveryReader(Protocol):
    """Reads deliveries that are not done."""

    @abstractmethod
    async def deliveries(
        self, subscriber: str | None, state: DeliveryState | None, limit: int, cursor: str | None
    ) -> Page[DeliveryView]:
        """One page, the oldest facts first, without payloads.

        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def delivery(self, subscriber: str, seq: int) -> DeliveryView | None:
        """One delivery with the payload of its fact; None when it is done or never was."""


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
