"""Read stocktakes."""

from dataclasses import dataclass
from uuid import UUID

from core.inventory.api import StocktakeLine, StocktakeState, StocktakeView
from core.inventory.domain.errors import StocktakeNotFound
from core.inventory.permissions import READ
from core.inventory.stocktakes import StocktakeReader
from core.kernel.actor import Actor
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class GetStocktake:
    """One stocktake."""

    reader: StocktakeReader

    async def __call__(self, actor: Actor, stocktake_id: UUID) -> StocktakeView:
        """Read one stocktake.

        :raises StocktakeNotFound: there is none.
        """
        actor.require(READ)
        found = await self.reader.stocktake(stocktake_id)
        if found is None:
            raise StocktakeNotFound(id=str(stocktake_id))
        return found


@dataclass(frozen=True, slots=True)
class ListStocktakes:
    """Stocktakes that are open, and those that were."""

    reader: StocktakeReader

    async def __call__(
        self,
        actor: Actor,
        *,
        warehouse_id: UUID | None = None,
        state: StocktakeState | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[StocktakeView]:
        """One page of stocktakes, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        return await self.reader.stocktakes(warehouse_id, state, limit, cursor)


@dataclass(frozen=True, slots=True)
class ListStocktakeLines:
    """What was counted."""

    reader: StocktakeReader

    async def __call__(
        self, actor: Actor, stocktake_id: UUID, *, limit: int = 50, cursor: str | None = None
    ) -> Page[StocktakeLine]:
        """One page of lines by product id.

        :raises StocktakeNotFound: there is no such stocktake.
        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        if await self.reader.stocktake(stocktake_id) is None:
            raise StocktakeNotFound(id=str(stocktake_id))
        return await self.reader.lines(stocktake_id, limit, cursor)
