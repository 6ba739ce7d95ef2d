"""Read movements."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from core.inventory.api import InTransitTotal, InTransitView, MovementView
from core.inventory.cache_keys import movement_key
from core.inventory.domain.errors import MovementNotFound
from core.inventory.permissions import READ
from core.inventory.ports import MovementFilter, MovementReader
from core.kernel.actor import Actor
from core.kernel.cache import Cache
from core.kernel.paging import Page

_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class GetMovement:
    """Both halves of a movement in one."""

    reader: MovementReader
    cache: Cache

    async def __call__(self, actor: Actor, movement_id: UUID) -> MovementView:
        """Read one movement.

        :raises MovementNotFound: no half of it has come.
        """
        return msgspec.json.decode(await self.encoded(actor, movement_id), type=MovementView)

    async def encoded(self, actor: Actor, movement_id: UUID) -> msgspec.Raw:
        """The same as JSON, for edges that send it as it is.

        :raises MovementNotFound: no half of it has come.
        """
        actor.require(READ)
        return msgspec.Raw(await self.cache.get(movement_key(movement_id), lambda: self._load(movement_id)))

    async def _load(self, movement_id: UUID) -> bytes:
        movement = await self.reader.movement(movement_id)
        if movement is None:
            raise MovementNotFound(movement_id=str(movement_id))
        return _ENCODER.encode(movement)


@dataclass(frozen=True, slots=True)
class ListMovements:
    """Movements, newest first."""

    reader: MovementReader

    async def __call__(
        self, actor: Actor, wanted: MovementFilter, *, limit: int = 50, cursor: str | None = None
    ) -> Page[MovementView]:
        """One page of the movements that fit the filter.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        return await self.reader.movements(wanted, limit, cursor)


@dataclass(frozen=True, slots=True)
class ListInTransit:
    """Goods that left and have not arrived."""

    reader: MovementReader

    async def __call__(
        self,
        actor: Actor,
        *,
        warehouse_id: UUID | None = None,
        product_id: UUID | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[InTransitView]:
        """One page of open departures, the oldest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        return await self.reader.in_transit(warehouse_id, product_id, limit, cursor)


@dataclass(frozen=True, slots=True)
class SumInTransit:
    """Goods in transit by source warehouse and product."""

    reader: MovementReader

    async def __call__(
        self,
        actor: Actor,
        *,
        warehouse_id: UUID | None = None,
        product_id: UUID | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[InTransitTotal]:
        """One page of sums.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        return await self.reader.in_transit_totals(warehouse_id, product_id, limit, cursor)
