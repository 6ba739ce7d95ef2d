"""Facts that inventory publishes."""

from contracts.ports.samples import fact
from core.inventory.events import DepartureParked, MessageQuarantined, StockAdjusted, StockFellLow, StockRecovered
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


def test_facts_about_quarantine_go_by_reason() -> None:
    assert MessageQuarantined(reason="not_json", door="kafka", movement_id=None).key() == "not_json"


def test_names_are_told_once() -> None:
    names = [(each.name, each.version) for each in MODULE.facts]
    assert len(names) == len(set(names))
    assert all(name.startswith("inventory.") and version >= 1 for name, version in names)
