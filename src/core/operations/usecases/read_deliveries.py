"""See what is on its way, and what is stuck."""

from dataclasses import dataclass

from core.kernel.actor import Actor
from core.kernel.outbox import Backlog, OutboxReader
from core.kernel.paging import Page
from core.operations.api import DeliveryState, DeliveryView
from core.operations.domain.errors import DeliveryNotFound
from core.operations.permissions import READ
from core.operations.ports import DeliveryReader


@dataclass(frozen=True, slots=True)
class ListDeliveries:
    """Deliveries that are not done."""

    reader: DeliveryReader

    async def __call__(
        self,
        actor: Actor,
        *,
        subscriber: str | None = None,
        state: DeliveryState | None = None,
        failed: bool = False,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[DeliveryView]:
        """One page, the oldest facts first.

        :param failed: those alone at which an attempt was in vain.
        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        return await self.reader.deliveries(subscriber, state, limit, cursor, failed=failed)


@dataclass(frozen=True, slots=True)
class GetDelivery:
    """One delivery with the whole fact."""

    reader: DeliveryReader

    async def __call__(self, actor: Actor, subscriber: str, seq: int) -> DeliveryView:
        """Read one.

        :raises DeliveryNotFound: it is done, or never was.
        """
        actor.require(READ)
        found = await self.reader.delivery(subscriber, seq)
        if found is None:
            raise DeliveryNotFound(subscriber=subscriber, seq=seq)
        return found


@dataclass(frozen=True, slots=True)
class GetBacklog:
    """What waits for each subscriber."""

    reader: OutboxReader

    async def __call__(self, actor: Actor) -> list[Backlog]:
        """Count; a subscriber for whom nothing waits is not in it."""
        actor.require(READ)
        return await self.reader.backlog()
