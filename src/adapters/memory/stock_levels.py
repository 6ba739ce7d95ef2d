"""Thresholds in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec

from adapters.memory.store import Pair, Stock, Tables
from core.inventory.domain.levels import is_low
from core.inventory.ports import StockLevels, Turn


@dataclass(frozen=True, slots=True)
class MemoryStockLevels(StockLevels):
    """Keeps thresholds in a draft."""

    tables: Tables

    async def threshold(self, warehouse_id: UUID, product_id: UUID) -> int | None:
        """The threshold of a stock."""
        return (self.tables.stocks.get((warehouse_id, product_id)) or Stock()).threshold

    async def set_threshold(self, warehouse_id: UUID, product_id: UUID, threshold: int | None) -> list[Turn]:
        """Watch a stock from now on and judge it."""
        pair = warehouse_id, product_id
        stock = self.tables.stocks.get(pair) or Stock()
        self.tables.stocks.put(pair, msgspec.structs.replace(stock, threshold=threshold))
        return judge(self.tables, [pair])


def judge(tables: Tables, pairs: Iterable[Pair]) -> list[Turn]:
    """Judge stocks by what lies there now.

    :returns: those that turned, in the order of their pairs.
    """
    turns = []
    for pair in sorted(pairs):
        stock = tables.stocks.get(pair)
        if stock is not None and (low := is_low(stock.quantity, stock.threshold, stock.low)) is not stock.low:
            tables.stocks.put(pair, msgspec.structs.replace(stock, low=low))
            turns.append(Turn(*pair, stock.quantity, stock.threshold, low))
    return turns
