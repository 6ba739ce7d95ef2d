"""Counting what lies in a warehouse."""

import asyncio
from uuid import UUID

import msgspec
import pytest

from core.inventory.api import AdjustmentReason, Count, Counted, StocktakeState, StocktakeView
from core.inventory.domain.errors import (
    StocksShort,
    StocktakeAlreadyOpen,
    StocktakeEnded,
    StocktakeFull,
    StocktakeNotFound,
)
from core.inventory.events import MovementApplied, StockAdjusted, StocktakeClosed
from core.inventory.usecases import take_stock
from core.inventory.usecases.adjust_stock import AdjustStock
from core.inventory.usecases.queries.stock import ListAdjustments
from core.inventory.usecases.queries.stocktakes import GetStocktake, ListStocktakeLines, ListStocktakes
from core.inventory.usecases.take_stock import CancelStocktake, CloseStocktake, CountStock, OpenStocktake
from core.kernel.etags import Stale, etag_of
from core.kernel.requests import AnsweredBefore, RequestKey
from core.kernel.wire import WrongFields
from tests.support.events import World
from tests.support.house import KEEPER, House

W = World()
PLACE, ONE, TWO, THREE = W.warehouse(1), W.product(1), W.product(2), W.product(3)


async def begin(house: House, warehouse: UUID = PLACE) -> StocktakeView:
    """Begin to count a warehouse."""
    return await (await house.get(OpenStocktake))(KEEPER, warehouse, note="spring")


async def count(house: House, stocktake: StocktakeView, counted: dict[UUID, int]) -> Counted:
    """Note counts."""
    counts = [Count(product, pieces) for product, pieces in counted.items()]
    return await (await house.get(CountStock))(KEEPER, stocktake.id, counts)


async def close(house: House, stocktake: StocktakeView) -> StocktakeView:
    """Set stock right."""
    return await (await house.get(CloseStocktake))(KEEPER, stocktake.id)


async def stocks(house: House) -> list[int]:
    """What lies there of each product."""
    return [await house.quantity(PLACE, product) for product in (ONE, TWO, THREE)]


@pytest.fixture
async def counted(house: House) -> tuple[House, StocktakeView]:
    """Ten of each product by the books, of which 8, 10 and 13 were counted."""
    for product in (ONE, TWO, THREE):
        await house.adjust(PLACE, product, 10)
    view = (await count(house, await begin(house), {ONE: 8, TWO: 10, THREE: 13})).stocktake
    house.heard.clear()
    return house, view


async def test_closing_sets_stock_right(counted: tuple[House, StocktakeView]) -> None:
    house, view = counted
    now = house.clock.advance(60)
    assert (view.lines, view.surplus, view.shortage) == (3, 3, 2)
    closed = await close(house, view)
    assert closed == msgspec.structs.replace(
        view, state=StocktakeState.CLOSED, version=3, ended_at=now, ended_by="keeper"
    )
    assert await stocks(house) == [8, 10, 13]
    made = (await (await house.get(ListAdjustments))(KEEPER, limit=2)).items
    assert {(each.product_id, each.delta, each.reason) for each in made} == {
        (ONE, -2, AdjustmentReason.STOCKTAKE),
        (THREE, 3, AdjustmentReason.STOCKTAKE),
    }
    assert {each.note for each in made} == {f"stocktake {view.id}"}
    assert await (await house.get(GetStocktake))(KEEPER, view.id) == closed


async def test_closing_is_told_and_audited(counted: tuple[House, StocktakeView]) -> None:
    house, view = counted
    await close(house, view)
    assert [type(fact) for fact in house.heard] == [StockAdjusted, StockAdjusted, StocktakeClosed]
    assert house.heard[-1] == StocktakeClosed(
        stocktake_id=view.id, warehouse_id=PLACE, lines=3, adjusted=2, surplus=3, shortage=2
    )
    trail = await house.trail(str(view.id))
    assert [(entry.action.rpartition(".")[2], entry.actor) for entry in trail] == [
        ("open", "keeper"),
        ("count", "keeper"),
        ("close", "keeper"),
    ]
    assert trail[1].details == {"lines": {str(ONE): [8, 10], str(TWO): [10, 10], str(THREE): [13, 10]}}
    assert trail[2].details == {"lines": 3, "adjusted": 2}
    assert (await house.trail(f"{PLACE}/{ONE}"))[-1].details["reason"] == "stocktake"


async def test_what_moves_after_the_count_does_not_make_it_wrong(counted: tuple[House, StocktakeView]) -> None:
    house, view = counted
    await house.kafka(W.departure(1, 5), W.arrival(2, 4, warehouse=1, product=3))
    await house.adjust(PLACE, TWO, 1)
    await close(house, view)
    assert await stocks(house) == [3, 11, 17]


async def test_a_surplus_serves_those_that_wait(counted: tuple[House, StocktakeView]) -> None:
    house, view = counted
    await house.kafka(W.departure(1, 12, product=3))
    assert await stocks(house) == [10, 10, 10]
    await close(house, view)
    assert await stocks(house) == [8, 10, 1]
    assert any(isinstance(fact, MovementApplied) for fact in house.heard)


async def test_one_that_is_short_by_now_refuses_all(counted: tuple[House, StocktakeView]) -> None:
    house, view = counted
    await house.kafka(W.departure(1, 9))
    with pytest.raises(StocksShort) as refusal:
        await close(house, view)
    assert refusal.value.errors == [{"field": f"/{ONE}", "code": "insufficient_stock", "params": {"deficiency": 1}}]
    assert await stocks(house) == [1, 10, 10]
    assert (await (await house.get(GetStocktake))(KEEPER, view.id)).state is StocktakeState.OPEN
    await count(house, view, {ONE: 1})
    await close(house, view)
    assert await stocks(house) == [1, 10, 13]


async def test_nothing_counted_changes_nothing(house: House) -> None:
    await house.adjust(PLACE, ONE, 10)
    closed = await close(house, await begin(house))
    assert (closed.state, closed.lines) == (StocktakeState.CLOSED, 0)
    assert await house.quantity(PLACE, ONE) == 10


async def test_cancelling_changes_no_stock(counted: tuple[House, StocktakeView]) -> None:
    house, view = counted
    cancelled = await (await house.get(CancelStocktake))(KEEPER, view.id)
    assert cancelled.state is StocktakeState.CANCELLED
    assert await stocks(house) == [10, 10, 10]
    assert house.heard == []
    lines = (await (await house.get(ListStocktakeLines))(KEEPER, view.id)).items
    assert [line.difference for line in lines] == [-2, 0, 3]
    assert (await house.trail(str(view.id)))[-1].action == "inventory.stocktake.cancel"


@pytest.mark.parametrize("last", [CloseStocktake, CancelStocktake])
async def test_an_end_is_for_ever(counted: tuple[House, StocktakeView], last: type) -> None:
    house, view = counted
    ended = await (await house.get(last))(KEEPER, view.id)
    for act in (close(house, view), count(house, view, {ONE: 1}), (await house.get(CancelStocktake))(KEEPER, view.id)):
        with pytest.raises(StocktakeEnded) as refusal:
            await act
        assert refusal.value.params == {"id": str(view.id), "state": ended.state}
    assert (await (await house.get(ListStocktakes))(KEEPER)).items == [ended]


async def test_one_at_a_time_in_a_warehouse(house: House) -> None:
    first = await begin(house)
    with pytest.raises(StocktakeAlreadyOpen):
        await begin(house)
    await begin(house, W.warehouse(2))
    await close(house, first)
    await begin(house)


async def test_of_many_that_close_one_does(counted: tuple[House, StocktakeView]) -> None:
    house, view = counted
    ends = await asyncio.gather(*(close(house, view) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(end, StocktakeView) for end in ends) == 1
    assert sum(isinstance(end, StocktakeEnded) for end in ends) == 4
    assert await stocks(house) == [8, 10, 13]


async def test_only_what_was_seen_is_changed(counted: tuple[House, StocktakeView]) -> None:
    house, view = counted
    seen = etag_of(msgspec.json.encode(view))
    await count(house, view, {ONE: 9})
    with pytest.raises(Stale):
        await (await house.get(CloseStocktake))(KEEPER, view.id, if_match=seen)
    with pytest.raises(Stale):
        await (await house.get(CountStock))(KEEPER, view.id, [Count(ONE, 1)], if_match=seen)
    now = await (await house.get(GetStocktake))(KEEPER, view.id)
    await (await house.get(CloseStocktake))(KEEPER, view.id, if_match=etag_of(msgspec.json.encode(now)))
    assert await stocks(house) == [9, 10, 13]


async def test_a_count_that_is_sent_again_meets_the_stock_of_the_first_time(house: House) -> None:
    await house.adjust(PLACE, ONE, 10)
    view = await begin(house)
    key = RequestKey(principal="keeper", route="count", key="1", digest=b"1")
    use_case = await house.get(CountStock)
    await use_case(KEEPER, view.id, [Count(ONE, 10)], request=key)
    await house.kafka(W.departure(1, 4))
    with pytest.raises(AnsweredBefore):
        await use_case(KEEPER, view.id, [Count(ONE, 10)], request=key)
    await close(house, view)
    assert await house.quantity(PLACE, ONE) == 6


async def test_what_cannot_be_counted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    view = await begin(house)
    with pytest.raises(WrongFields) as refusal:
        await (await house.get(CountStock))(KEEPER, view.id, [Count(ONE, 1), Count(TWO, 1), Count(ONE, 2)])
    assert [error["field"] for error in refusal.value.errors] == ["/lines/0/product_id", "/lines/2/product_id"]
    monkeypatch.setattr(take_stock, "MOST_LINES", 2)
    await count(house, view, {ONE: 1, TWO: 2})
    await count(house, view, {ONE: 3})
    with pytest.raises(StocktakeFull):
        await count(house, view, {THREE: 1})
    assert (await (await house.get(GetStocktake))(KEEPER, view.id)).lines == 2


async def test_what_is_not_there(house: House) -> None:
    unknown = msgspec.structs.replace(await begin(house), id=W.movement())
    with pytest.raises(StocktakeNotFound):
        await close(house, unknown)
    with pytest.raises(StocktakeNotFound):
        await (await house.get(ListStocktakeLines))(KEEPER, unknown.id)


async def test_nobody_writes_its_reason_by_hand(house: House) -> None:
    adjust = await house.get(AdjustStock)
    with pytest.raises(WrongFields):
        await adjust(KEEPER, warehouse_id=PLACE, product_id=ONE, delta=1, reason=AdjustmentReason.STOCKTAKE)
