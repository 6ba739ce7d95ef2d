"""What every reader of stock promises."""

from uuid import UUID

import pytest

from contracts.ports.paging import Read, first_cursor, hold_pages, refuse_nonsense, walk
from contracts.ports.subject import InventorySuite, Subject
from core.inventory.api import AdjustmentReason, AdjustmentView, StockView, WarehouseView
from core.inventory.ports import Adjustment, StockReader
from core.kernel.errors import InvalidCursor
from tests.support.events import World


def adjustment_view(adjustment: Adjustment, balance: int) -> AdjustmentView:
    """What a list shows of an adjustment."""
    return AdjustmentView(
        id=adjustment.id,
        warehouse_id=adjustment.warehouse_id,
        product_id=adjustment.product_id,
        delta=adjustment.delta,
        balance_after=balance,
        reason=AdjustmentReason.COUNT,
        note=adjustment.note,
        actor="keeper",
        created_at=adjustment.at,
    )


class StockReaderSuite(InventorySuite):
    """Stock of one pair, of a warehouse, of all; adjustments."""

    @pytest.fixture
    def reader(self, subject: Subject) -> StockReader:
        """What reads stock."""
        return subject.stocks

    def _products(self, reader: StockReader, warehouse_id: UUID) -> Read:
        return lambda limit, cursor: reader.products(warehouse_id, limit, cursor)

    def _changes(self, reader: StockReader, place: UUID | None = None, product: UUID | None = None) -> Read:
        return lambda limit, cursor: reader.adjustments(place, product, limit, cursor)

    async def test_an_unknown_pair_holds_0(self, reader: StockReader) -> None:
        w = World()
        assert await reader.stock(w.warehouse(), w.product()) == StockView(w.warehouse(), w.product(), 0)
        await hold_pages(self._products(reader, w.warehouse()), [])
        await hold_pages(reader.warehouses, [])
        await hold_pages(self._changes(reader), [])

    async def test_a_known_pair(self, subject: Subject, reader: StockReader) -> None:
        w = World()
        await subject.apply(w.arrival(1, 7))
        assert await reader.stock(w.warehouse(2), w.product()) == StockView(w.warehouse(2), w.product(), 7)
        assert (await reader.stock(w.warehouse(2), w.product(2))).quantity == 0

    async def test_products_of_a_warehouse_by_id(self, subject: Subject, reader: StockReader) -> None:
        w = World()
        for n in (3, 1, 5, 2, 4):
            await subject.apply(w.arrival(n, n, product=n))
        await subject.apply(w.arrival(9, 9, warehouse=3))
        stocks = [StockView(w.warehouse(2), w.product(n), n) for n in range(1, 6)]
        await hold_pages(self._products(reader, w.warehouse(2)), stocks)

    async def test_a_stock_that_was_used_up_is_shown(self, subject: Subject, reader: StockReader) -> None:
        w = World()
        await subject.apply(w.arrival(1, warehouse=1), w.departure(2))
        await hold_pages(self._products(reader, w.warehouse(1)), [StockView(w.warehouse(1), w.product(), 0)])

    async def test_all_stocks_by_warehouse_and_product(self, subject: Subject, reader: StockReader) -> None:
        w = World()
        await hold_pages(reader.stocks, [])
        for n, (warehouse, product) in enumerate([(3, 1), (2, 4), (1, 5), (2, 2), (3, 3)], 1):
            await subject.apply(w.arrival(n, n, warehouse=warehouse, product=product))
        pairs = [(1, 5, 3), (2, 2, 4), (2, 4, 2), (3, 1, 1), (3, 3, 5)]
        await hold_pages(reader.stocks, [StockView(w.warehouse(at), w.product(of), n) for at, of, n in pairs])
        await refuse_nonsense(reader.stocks)

    async def test_warehouses_by_id(self, subject: Subject, reader: StockReader) -> None:
        w = World()
        await subject.apply(
            w.arrival(1, 5, warehouse=3),
            w.arrival(2, 6, warehouse=3, product=2),
            w.arrival(3, 7, warehouse=1),
            w.departure(4, 7, warehouse=1),
            w.departure(5, 7, warehouse=2),
        )
        views = [
            WarehouseView(w.warehouse(1), 0, 0),
            WarehouseView(w.warehouse(2), 0, 0),
            WarehouseView(w.warehouse(3), 2, 11),
        ]
        await hold_pages(reader.warehouses, views)

    async def test_adjustments_newest_first(self, subject: Subject, reader: StockReader) -> None:
        w = World()
        first, second, third = w.adjusting(10), w.adjusting(-4, 2), w.adjusting(5, 3, warehouse=2, product=2)
        for adjustment in (first, second, third):
            await subject.adjust(adjustment)
        views = [adjustment_view(third, 5), adjustment_view(second, 6), adjustment_view(first, 10)]
        await hold_pages(self._changes(reader), views)
        await hold_pages(self._changes(reader, w.warehouse(1)), views[1:])
        await hold_pages(self._changes(reader, None, w.product(2)), views[:1])
        await hold_pages(self._changes(reader, w.warehouse(1), w.product(1)), views[1:])
        await hold_pages(self._changes(reader, w.warehouse(2), w.product(1)), [])
        await hold_pages(self._changes(reader, w.warehouse(9)), [])

    async def test_an_adjustment_shows_the_stock_before_those_that_wait(
        self, subject: Subject, reader: StockReader
    ) -> None:
        w = World()
        await subject.apply(w.departure(1, 10))
        await subject.adjust(w.adjusting(12))
        assert await walk(self._changes(reader), 5) == [adjustment_view(w.adjusting(12), 12)]

    async def test_pages_stay_in_step_with_what_comes(self, subject: Subject, reader: StockReader) -> None:
        w = World()
        for n in range(1, 5):
            await subject.adjust(w.adjusting(n, n, product=2 * n))
        products = await first_cursor(self._products(reader, w.warehouse(1)))
        changes = await first_cursor(self._changes(reader))
        await subject.adjust(w.adjusting(9, 9, product=1))
        shown = (await reader.products(w.warehouse(1), 9, products)).items
        assert [stock.product_id for stock in shown] == [w.product(n) for n in (4, 6, 8)]
        older = (await reader.adjustments(None, None, 9, changes)).items
        assert [view.id for view in older] == [w.adjustment(n) for n in (3, 2, 1)]

    async def test_only_their_own_cursors(self, subject: Subject, reader: StockReader) -> None:
        w = World()
        for n in (1, 2):
            await subject.adjust(w.adjusting(5, 2 * n, warehouse=1, product=n))
            await subject.adjust(w.adjusting(5, 2 * n + 1, warehouse=2, product=n))
        lists = [self._products(reader, w.warehouse(1)), reader.warehouses, self._changes(reader)]
        for read in lists:
            await refuse_nonsense(read)

    async def test_a_cursor_of_a_list_of_movements_is_none_of_theirs(
        self, subject: Subject, reader: StockReader
    ) -> None:
        w = World()
        await subject.adjust(w.adjusting(9))
        await subject.apply(w.departure(1, 1), w.departure(2, 1))
        cursor = await first_cursor(lambda limit, at: subject.movements.in_transit(None, None, limit, at))
        for read in (self._products(reader, w.warehouse(1)), reader.warehouses, self._changes(reader)):
            with pytest.raises(InvalidCursor):
                await read(5, cursor)
