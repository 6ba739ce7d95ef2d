"""What stocktakes need from outside."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.inventory.api import StocktakeLine, StocktakeState, StocktakeView
from core.kernel.paging import Page


class Stocktakes(Protocol):
    """Counts of what lies in a warehouse, one open at a time in each."""

    @abstractmethod
    async def add(self, stocktake_id: UUID, warehouse_id: UUID, note: str, actor: str, at: datetime) -> bool:
        """Open a stocktake; False where one of the warehouse is open, which stays the only one."""

    @abstractmethod
    async def lock(self, stocktake_id: UUID) -> StocktakeView | None:
        """A stocktake, held against others until the unit of work ends; None when there is none."""

    @abstractmethod
    async def count(
        self, stocktake_id: UUID, counted: Mapping[UUID, int], actor: str, at: datetime
    ) -> list[StocktakeLine]:
        """Note how many pieces were counted, by product, beside what the stock holds at this moment; what is counted
        again takes the place of the count before. The stocktake must be held.

        :returns: the new lines by product id.
        """

    @abstractmethod
    async def lines(self, stocktake_id: UUID) -> list[StocktakeLine]:
        """All that was counted, by product id."""

    @abstractmethod
    async def end(self, stocktake_id: UUID, state: StocktakeState, actor: str, at: datetime) -> None:
        """Set the final state. The stocktake must be held."""


class StocktakeReader(Protocol):
    """Reads stocktakes."""

    @abstractmethod
    async def stocktake(self, stocktake_id: UUID) -> StocktakeView | None:
        """One stocktake, or None."""

    @abstractmethod
    async def stocktakes(
        self, warehouse_id: UUID | None, state: StocktakeState | None, limit: int, cursor: str | None
    ) -> Page[StocktakeView]:
        """Stocktakes, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """

    @abstractmethod
    async def lines(self, stocktake_id: UUID, limit: int, cursor: str | None) -> Page[StocktakeLine]:
        """What was counted, by product id; nothing for an unknown stocktake.

        :raises InvalidCursor: not a cursor of this list.
        """
