"""Facts that inventory publishes."""

from contracts.ports.samples import fact
from core.inventory.events import (
    DepartureParked,
    MessageQuarantined,
    StockAdjusted,
    StockFellLow,
    StockRecovered,
    TransitOverdue,
    TransitOverdueCleared,
    VarianceResolved,
)
from core.inventory.module import MODULE
from core.kernel.facts import Fact
from tests.support.events import World

W = World()
KEY = f"{W.warehouse()}:{W.product()}"


def test_facts_about_one_stock_have_one_key() -> None:
    ids = {"warehouse_id": W.warehouse(), "product_id": W.product()}
    facts: list[Fact] = [
        fact(W, 1),
        DepartureParked(movement_id=W.movement(), quantity=1, **ids),
        StockAdjusted(adjustment_id=W.adjustment(), delta=1, balance_after=1, reason="count", **ids),
        StockFellLow(quantity=1, threshold=2, **ids),
        StockRecovered(quantity=9, threshold=2, **ids),
    ]
    assert {each.key() for each in facts} == {KEY}


def test_facts_that_are_made_without_holding_the_stock_do_not_have_its_key() -> None:
    ids = {"movement_id": W.movement(), "warehouse_id": W.warehouse(), "product_id": W.product()}
    overdue = TransitOverdue(quantity=1, departed_at=W.departure().occurred_at, limit_hours=72, **ids)
    cleared = TransitOverdueCleared(cause="arrived", **ids)
    resolved = VarianceResolved(
        movement_id=W.movement(),
        product_id=W.product(),
        source_warehouse_id=W.warehouse(1),
        destination_warehouse_id=W.warehouse(2),
        quantity_diff=1,
        outcome="lost",
    )
    assert {each.key() for each in (overdue, cleared, resolved)} == {str(W.movement())}


def test_facts_about_quarantine_have_no_order() -> None:
    assert MessageQuarantined(reason="not_json", door="kafka", movement_id=W.movement()).key() == ""


def test_names_are_told_once() -> None:
    names = [(each.name, each.version) for each in MODULE.facts]
    assert len(names) == len(set(names))
    assert all(name.startswith("inventory.") and version >= 1 for name, version in names)
