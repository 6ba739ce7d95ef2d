"""Reading what was kept."""

import pytest

from core.inventory.api import InTransitTotal, MovementStatus, StockView, WarehouseView
from core.inventory.domain.errors import MovementNotFound
from core.inventory.ports import MovementFilter
from core.inventory.usecases.queries.movements import GetMovement, ListInTransit, ListMovements, SumInTransit
from core.inventory.usecases.queries.stock import GetStock, ListAdjustments, ListProducts, ListWarehouses
from core.kernel.errors import InvalidCursor
from tests.support.events import World
from tests.support.house import KEEPER, House

W = World()


@pytest.fixture
async def stocked(house: House) -> House:
    """One movement done, one under way, one that waits."""
    await house.adjust(W.warehouse(1), W.product(), 30)
    await house.kafka(W.departure(1), W.arrival(1), W.departure(2, 15, minute=5), W.departure(3, 99))
    return house


async def test_movements(stocked: House) -> None:
    get, movements = await stocked.get(GetMovement), await stocked.get(ListMovements)
    assert (await get(KEEPER, W.movement(3))).status is MovementStatus.PENDING
    with pytest.raises(MovementNotFound):
        await get(KEEPER, W.movement(9))
    page = await movements(KEEPER, MovementFilter(warehouse_id=W.warehouse(1)), limit=2)
    assert [view.movement_id for view in page.items] == [W.movement(3), W.movement(2)]
    page = await movements(KEEPER, MovementFilter(warehouse_id=W.warehouse(1)), limit=2, cursor=page.next_cursor)
    assert ([view.movement_id for view in page.items], page.next_cursor) == ([W.movement(1)], None)
    with pytest.raises(InvalidCursor):
        await movements(KEEPER, MovementFilter(), cursor="no")


async def test_goods_under_way(stocked: House) -> None:
    transit, sums = await stocked.get(ListInTransit), await stocked.get(SumInTransit)
    (view,) = (await transit(KEEPER, warehouse_id=W.warehouse(1), product_id=W.product())).items
    assert (view.movement_id, view.quantity) == (W.movement(2), 15)
    assert (await sums(KEEPER)).items == [InTransitTotal(W.warehouse(1), W.product(), 1, 15)]
    assert (await sums(KEEPER, warehouse_id=W.warehouse(2))).items == []


async def test_stocks(stocked: House) -> None:
    get, products = await stocked.get(GetStock), await stocked.get(ListProducts)
    warehouses, adjustments = await stocked.get(ListWarehouses), await stocked.get(ListAdjustments)
    stock = StockView(W.warehouse(1), W.product(), 5)
    assert await get(KEEPER, W.warehouse(1), W.product()) == stock
    assert (await get(KEEPER, W.warehouse(1), W.product(2))).quantity == 0
    assert (await products(KEEPER, W.warehouse(1))).items == [stock]
    assert (await warehouses(KEEPER)).items == [
        WarehouseView(W.warehouse(1), 1, 5),
        WarehouseView(W.warehouse(2), 1, 10),
    ]
    assert [view.delta for view in (await adjustments(KEEPER, product_id=W.product())).items] == [30]
