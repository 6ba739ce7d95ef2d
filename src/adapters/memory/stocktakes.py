"""Stocktakes in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from adapters.memory.pages import after, page
from adapters.memory.store import MemoryStore, Stock, Tables
from core.inventory.api import StocktakeLine, StocktakeState, StocktakeView
from core.inventory.positions import ByLine, ByStocktake
from core.inventory.stocktakes import StocktakeReader, Stocktakes
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class MemoryStocktakes(Stocktakes):
    """Keeps stocktakes in a draft; since one unit of work writes at a time, nobody else ever holds one."""

    tables: Tables

    async def add(self, stocktake_id: UUID, warehouse_id: UUID, note: str, actor: str, at: datetime) -> bool:
        """Open a stocktake unless one of the warehouse is open."""
        taken = self.tables.stocktakes.values()
        if any(each.warehouse_id == warehouse_id and each.state is StocktakeState.OPEN for each in taken):
            return False
        view = StocktakeView(
            id=stocktake_id,
            warehouse_id=warehouse_id,
            state=StocktakeState.OPEN,
            note=note,
            version=1,
            lines=0,
            surplus=0,
            shortage=0,
            opened_at=at,
            opened_by=actor,
            ended_at=None,
            ended_by=None,
        )
        self.tables.stocktakes.put(stocktake_id, view)
        return True

    async def lock(self, stocktake_id: UUID) -> StocktakeView | None:
        """A stocktake."""
        return self.tables.stocktakes.get(stocktake_id)

    async def count(
        self, stocktake_id: UUID, counted: Mapping[UUID, int], actor: str, at: datetime
    ) -> list[StocktakeLine]:
        """Note counts beside the stocks of this moment."""
        view = self._held(stocktake_id)
        for product_id, pieces in counted.items():
            stock = self.tables.stocks.get((view.warehouse_id, product_id)) or Stock()
            line = StocktakeLine(product_id, pieces, stock.quantity, pieces - stock.quantity, at, actor)
            self.tables.counts.put((stocktake_id, product_id), line)
        lines = _lines(self.tables, stocktake_id)
        differences = [line.difference for line in lines]
        counts = {
            "lines": len(differences),
            "surplus": sum(difference for difference in differences if difference > 0),
            "shortage": -sum(difference for difference in differences if difference < 0),
        }
        self.tables.stocktakes.put(stocktake_id, replace(view, version=view.version + 1, **counts))
        return [line for line in lines if line.product_id in counted]

    async def lines(self, stocktake_id: UUID) -> list[StocktakeLine]:
        """All lines by product."""
        return _lines(self.tables, stocktake_id)

    async def end(self, stocktake_id: UUID, state: StocktakeState, actor: str, at: datetime) -> None:
        """Set the final state."""
        view = self._held(stocktake_id)
        ended = replace(view, state=state, version=view.version + 1, ended_at=at, ended_by=actor)
        self.tables.stocktakes.put(stocktake_id, ended)

    def _held(self, stocktake_id: UUID) -> StocktakeView:
        view = self.tables.stocktakes.get(stocktake_id)
        assert view is not None
        return view


@dataclass(frozen=True, slots=True)
class MemoryStocktakeReader(StocktakeReader):
    """Reads what is committed."""

    store: MemoryStore

    async def stocktake(self, stocktake_id: UUID) -> StocktakeView | None:
        """One stocktake, or None."""
        return self.store.committed.stocktakes.get(stocktake_id)

    async def stocktakes(
        self, warehouse_id: UUID | None, state: StocktakeState | None, limit: int, cursor: str | None
    ) -> Page[StocktakeView]:
        """Stocktakes, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByStocktake)
        rows = [
            (ByStocktake(each.id), each)
            for each in sorted(self.store.committed.stocktakes.values(), key=lambda each: each.id, reverse=True)
            if warehouse_id in {None, each.warehouse_id}
            and state in {None, each.state}
            and (start is None or each.id < start.id)
        ]
        return page(rows, limit)

    async def lines(self, stocktake_id: UUID, limit: int, cursor: str | None) -> Page[StocktakeLine]:
        """Lines by product id.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByLine)
        rows = [
            (ByLine(line.product_id), line)
            for line in _lines(self.store.committed, stocktake_id)
            if start is None or line.product_id > start.product_id
        ]
        return page(rows, limit)


def _lines(tables: Tables, stocktake_id: UUID) -> list[StocktakeLine]:
    found = (line for (of, _), line in tables.counts.items() if of == stocktake_id)
    return sorted(found, key=lambda line: line.product_id)
