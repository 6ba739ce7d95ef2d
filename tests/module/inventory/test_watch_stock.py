"""Watching stocks."""

from typing import Any

import msgspec
import pytest

from core.inventory.api import AdjustmentReason, ThresholdView
from core.inventory.events import StockFellLow, StockRecovered
from core.inventory.usecases.adjust_stock import AdjustStock
from core.inventory.usecases.queries.stock import GetThreshold
from core.inventory.usecases.watch_stock import SetThreshold
from core.kernel.audit import AuditReader
from core.kernel.etags import Stale, etag_of
from tests.support.events import World
from tests.support.house import KEEPER, House

W = World()
PAIR = W.warehouse(1), W.product()
IDS: dict[str, Any] = {"warehouse_id": PAIR[0], "product_id": PAIR[1]}


async def adjust(house: House, delta: int) -> None:
    """Count a stock anew."""
    await (await house.get(AdjustStock))(KEEPER, delta=delta, reason=AdjustmentReason.COUNT, **IDS)


async def test_it_is_read_as_it_was_set(house: House) -> None:
    change, read = await house.get(SetThreshold), await house.get(GetThreshold)
    assert await read(KEEPER, *PAIR) == ThresholdView(*PAIR, None, None)
    assert await change(KEEPER, *PAIR, threshold=20) == ThresholdView(*PAIR, 20, 22)
    assert await read(KEEPER, *PAIR) == ThresholdView(*PAIR, 20, 22)
    await change(KEEPER, *PAIR, threshold=None)
    assert await read(KEEPER, *PAIR) == ThresholdView(*PAIR, None, None)
    trail = await (await house.get(AuditReader)).entries(f"{PAIR[0]}/{PAIR[1]}")
    assert [each.details for each in trail] == [{"before": None, "after": 20}, {"before": 20, "after": None}]


async def test_turns_are_told_once(house: House) -> None:
    await adjust(house, 30)
    await (await house.get(SetThreshold))(KEEPER, *PAIR, threshold=20)
    for delta in (-10, -5, 6, 1):
        await adjust(house, delta)
    told = [fact for fact in house.heard if isinstance(fact, StockFellLow | StockRecovered)]
    assert told == [
        StockFellLow(quantity=20, threshold=20, **IDS),
        StockRecovered(quantity=22, threshold=20, **IDS),
    ]


async def test_who_has_seen_another_threshold_changes_nothing(house: House) -> None:
    change = await house.get(SetThreshold)
    seen = etag_of(msgspec.json.encode(await change(KEEPER, *PAIR, threshold=20)))
    await change(KEEPER, *PAIR, threshold=30, if_match=seen)
    with pytest.raises(Stale):
        await change(KEEPER, *PAIR, threshold=40, if_match=seen)
    assert (await (await house.get(GetThreshold))(KEEPER, *PAIR)).threshold == 30
