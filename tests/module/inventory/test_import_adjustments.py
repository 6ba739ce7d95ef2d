"""Setting many stocks right by a table."""

import pytest

from core.inventory.api import Imported, ImportedRow
from core.inventory.domain.errors import StocksShort, WrongRows
from core.inventory.events import MovementApplied, StockAdjusted, StockFellLow
from core.inventory.usecases.import_adjustments import ImportAdjustments
from core.inventory.usecases.queries.stock import ListAdjustments
from core.inventory.usecases.watch_stock import SetThreshold
from core.kernel.actor import Actor, ActorKind
from core.kernel.errors import Forbidden
from core.kernel.requests import AnsweredBefore, RequestKey
from tests.support.events import World
from tests.support.house import KEEPER, House

W = World()
HERE, THERE = W.warehouse(1), W.warehouse(2)
ONE, TWO = W.product(1), W.product(2)


def table(*deltas: int, note: str = "") -> bytes:
    """One row for each of the first products of warehouse 1."""
    rows = [f"{HERE},{W.product(n)},{delta},opening_balance,{note}" for n, delta in enumerate(deltas, 1)]
    return "\n".join(["warehouse_id,product_id,delta,reason,note", *rows]).encode()


async def take(
    house: House, raw: bytes, *, dry_run: bool = False, actor: Actor = KEEPER, request: RequestKey | None = None
) -> Imported:
    """Import a table, or preview it."""
    return await (await house.get(ImportAdjustments))(actor, raw, dry_run=dry_run, request=request)


async def test_it_changes_every_stock_and_says_how(house: House) -> None:
    await house.adjust(HERE, TWO, 1)
    house.heard.clear()
    imported = await take(house, table(10, 20, note="shelf"))
    shown = [ImportedRow(2, HERE, ONE, 10, 10), ImportedRow(3, HERE, TWO, 20, 21)]
    assert imported == Imported(applied=True, wrong=0, errors=[], rows=shown)
    assert [await house.quantity(HERE, product) for product in (ONE, TWO)] == [10, 21]
    listed = (await (await house.get(ListAdjustments))(KEEPER)).items
    assert [(v.product_id, v.delta, v.reason, v.note, v.actor) for v in listed[:2]] == [
        (TWO, 20, "opening_balance", "shelf", "keeper"),
        (ONE, 10, "opening_balance", "shelf", "keeper"),
    ]
    assert [type(fact) for fact in house.heard] == [StockAdjusted, StockAdjusted]
    (entry,) = await house.trail(f"{HERE}/{ONE}")
    assert entry.details == {"before": 0, "after": 10, "reason": "opening_balance", "note": "shelf"}


async def test_it_lets_go_those_that_wait_and_tells_of_turns(house: House) -> None:
    await (await house.get(SetThreshold))(KEEPER, HERE, TWO, threshold=5)
    await house.kafka(W.departure(1, 8))
    house.heard.clear()
    imported = await take(house, table(10, 9))
    assert [row.balance_after for row in imported.rows] == [10, 9]
    assert await house.quantity(HERE, ONE) == 2
    assert [type(fact) for fact in house.heard[2:]][-1] is MovementApplied
    house.heard.clear()
    await take(house, table(-1, -6))
    assert StockFellLow(warehouse_id=HERE, product_id=TWO, quantity=3, threshold=5) in house.heard


async def test_a_preview_says_the_same_and_changes_nothing(house: House) -> None:
    await house.kafka(W.departure(1, 8))
    house.heard.clear()
    preview = await take(house, table(10, 20), dry_run=True)
    assert (preview.applied, preview.wrong, preview.errors) == (False, 0, [])
    assert [await house.quantity(HERE, product) for product in (ONE, TWO)] == [0, 0]
    assert (house.heard, await house.trail(f"{HERE}/{ONE}")) == ([], [])
    assert (await (await house.get(ListAdjustments))(KEEPER)).items == []
    assert (await take(house, table(10, 20))).rows == preview.rows


async def test_one_that_is_short_refuses_all(house: House) -> None:
    await take(house, table(10, 2))
    short = [{"field": "/3/delta", "code": "insufficient_stock", "params": {"deficiency": 3}}]
    preview = await take(house, table(-10, -5), dry_run=True)
    assert (preview.applied, preview.wrong, preview.errors) == (False, 1, short)
    assert [row.balance_after for row in preview.rows] == [0, None]
    with pytest.raises(StocksShort) as refusal:
        await take(house, table(-10, -5))
    assert (refusal.value.errors, refusal.value.params) == (short, {"count": 1})
    assert [await house.quantity(HERE, product) for product in (ONE, TWO)] == [10, 2]


async def test_wrong_rows_are_refused_and_previewed(house: House) -> None:
    wrong = [{"field": "/2/delta", "code": "zero", "params": {}}]
    assert await take(house, table(0, 5), dry_run=True) == Imported(applied=False, wrong=1, errors=wrong, rows=[])
    with pytest.raises(WrongRows) as refusal:
        await take(house, table(0, 5))
    assert refusal.value.errors == wrong
    assert await house.quantity(HERE, TWO) == 0


async def test_a_table_is_imported_once(house: House) -> None:
    key = RequestKey(principal="keeper", route="import", key="1", digest=b"1")
    await take(house, table(1), dry_run=True, request=key)
    await take(house, table(1), request=key)
    with pytest.raises(AnsweredBefore):
        await take(house, table(1), request=key)
    assert await house.quantity(HERE, ONE) == 1


async def test_it_needs_the_permission_to_adjust(house: House) -> None:
    for dry_run in (True, False):
        with pytest.raises(Forbidden):
            await take(house, table(1), dry_run=dry_run, actor=Actor(ActorKind.SERVICE, "nobody", frozenset()))
