"""What is done by hand is done again, and once, when a concurrent writer won."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest

from core.inventory.api import AdjustmentReason, AlertKind, VarianceOutcome
from core.inventory.domain.alerts import Alert
from core.inventory.domain.movement import Reason
from core.inventory.ports import InventoryWork
from core.inventory.usecases.acknowledge_alert import AcknowledgeAlert
from core.inventory.usecases.adjust_stock import AdjustStock
from core.inventory.usecases.cancel_movement import CancelMovement
from core.inventory.usecases.decide_quarantine import DiscardQuarantined, RetryQuarantined
from core.inventory.usecases.resolve_variance import ResolveVariance
from core.inventory.usecases.watch_stock import SetThreshold
from core.inventory.usecases.watch_transit import SetTransitLimit
from core.kernel.errors import Contended
from core.kernel.outbox import Delivery
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork
from tests.support.events import T0, World
from tests.support.house import KEEPER, House

W = World()
PLACE, PRODUCT = W.warehouse(1), W.product()
ALERT = UUID(int=7)


@dataclass
class LosesOnce(OpenWork[InventoryWork]):
    """Units of work of which the first loses at its commit."""

    inner: OpenWork[InventoryWork]
    opened: list[bool] = field(default_factory=list)

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[InventoryWork]:
        """Open one."""
        self.opened.append(True)
        async with self.inner(delivery, request) as work:
            yield work
            if len(self.opened) == 1:
                raise Contended


@pytest.fixture
async def busy(house: House) -> House:
    """A stock, a movement under way, one with a variance, an open alert and a quarantined message."""
    await house.adjust(PLACE, PRODUCT, 30)
    await house.kafka(W.departure(1), W.departure(2), W.arrival(2, 8), b"{")
    async with (await house.get(OpenWork[InventoryWork]))() as work:
        await work.alerts.add(
            Alert(
                id=ALERT,
                kind=AlertKind.LOW_STOCK,
                warehouse_id=PLACE,
                product_id=PRODUCT,
                movement_id=None,
                details={},
                since=T0,
            )
        )
    return house


Act = Callable[[Any, UUID], Awaitable[object]]
ACTS: list[tuple[type, Act]] = [
    (
        AdjustStock,
        lambda run, _: run(KEEPER, warehouse_id=PLACE, product_id=PRODUCT, delta=1, reason=AdjustmentReason.COUNT),
    ),
    (CancelMovement, lambda run, _: run(KEEPER, W.movement(1), note="")),
    (ResolveVariance, lambda run, _: run(KEEPER, W.movement(2), outcome=VarianceOutcome.FOUND, note="")),
    (SetThreshold, lambda run, _: run(KEEPER, PLACE, PRODUCT, threshold=5)),
    (SetTransitLimit, lambda run, _: run(KEEPER, PLACE, hours=5)),
    (AcknowledgeAlert, lambda run, _: run(KEEPER, ALERT)),
    (RetryQuarantined, lambda run, item: run(KEEPER, item)),
    (RetryQuarantined, lambda run, _: run.bulk(KEEPER, Reason.NOT_JSON)),
    (DiscardQuarantined, lambda run, item: run(KEEPER, item, note="")),
    (DiscardQuarantined, lambda run, _: run.bulk(KEEPER, Reason.NOT_JSON, note="")),
]


@pytest.mark.parametrize("use_case,act", ACTS)
async def test_it_is_done_again(busy: House, use_case: type, act: Act) -> None:
    (item,) = await busy.quarantined()
    right: Any = await busy.get(use_case)
    losing = LosesOnce(right.work)
    await act(replace(right, work=losing), item.id)
    assert len(losing.opened) == 2
