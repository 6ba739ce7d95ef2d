"""No use case works for an actor that may not use it."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.inventory.api import AdjustmentReason, Count, VarianceOutcome
from core.inventory.domain.movement import Reason
from core.inventory.module import MODULE
from core.inventory.permissions import ADJUST, ALL, QUARANTINE, READ, RECORD
from core.inventory.ports import MovementFilter
from core.inventory.usecases.acknowledge_alert import AcknowledgeAlert
from core.inventory.usecases.adjust_stock import AdjustStock
from core.inventory.usecases.cancel_movement import CancelMovement
from core.inventory.usecases.decide_quarantine import DiscardQuarantined, RetryQuarantined
from core.inventory.usecases.import_adjustments import ImportAdjustments
from core.inventory.usecases.queries.alerts import GetAlert, ListAlerts
from core.inventory.usecases.queries.movements import GetMovement, ListInTransit, ListMovements, SumInTransit
from core.inventory.usecases.queries.quarantine import GetQuarantineItem, ListQuarantine
from core.inventory.usecases.queries.stock import (
    GetStock,
    GetThreshold,
    ListAdjustments,
    ListLedger,
    ListProducts,
    ListStocks,
    ListWarehouses,
)
from core.inventory.usecases.queries.stocktakes import GetStocktake, ListStocktakeLines, ListStocktakes
from core.inventory.usecases.queries.transit import GetTransitLimit, ListOverdue
from core.inventory.usecases.receive_batch import ReceiveBatch
from core.inventory.usecases.receive_message import ReceiveMessage
from core.inventory.usecases.record_messages import RecordMessages
from core.inventory.usecases.resolve_variance import ResolveVariance
from core.inventory.usecases.take_stock import CancelStocktake, CloseStocktake, CountStock, OpenStocktake
from core.inventory.usecases.watch_stock import SetThreshold
from core.inventory.usecases.watch_transit import SetTransitLimit, WatchTransit
from core.kernel.actor import ANONYMOUS, Actor, ActorKind, system_actor
from core.kernel.errors import Forbidden
from tests.support.house import House

Call = Callable[[Any, Actor], Awaitable[object]]
ID = UUID(int=1)
CALLS: list[tuple[type, str, Call]] = [
    (RecordMessages, RECORD, lambda run, actor: run(actor, [])),
    (ReceiveBatch, RECORD, lambda run, actor: run(actor, b"[{}]")),
    (
        AdjustStock,
        ADJUST,
        lambda run, actor: run(actor, warehouse_id=ID, product_id=ID, delta=1, reason=AdjustmentReason.COUNT),
    ),
    (ImportAdjustments, ADJUST, lambda run, actor: run(actor, b"", dry_run=True)),
    (RetryQuarantined, QUARANTINE, lambda run, actor: run.bulk(actor, Reason.NOT_JSON)),
    (DiscardQuarantined, QUARANTINE, lambda run, actor: run.bulk(actor, Reason.NOT_JSON, note="")),
    (ListQuarantine, QUARANTINE, lambda run, actor: run(actor)),
    (ListMovements, READ, lambda run, actor: run(actor, MovementFilter())),
    (ListInTransit, READ, lambda run, actor: run(actor)),
    (SumInTransit, READ, lambda run, actor: run(actor)),
    (WatchTransit, RECORD, lambda run, actor: run(actor)),
    (SetTransitLimit, ADJUST, lambda run, actor: run(actor, ID, hours=1)),
    (ListOverdue, READ, lambda run, actor: run(actor)),
    (GetTransitLimit, READ, lambda run, actor: run(actor, ID)),
    (GetStock, READ, lambda run, actor: run(actor, ID, ID)),
    (ListLedger, READ, lambda run, actor: run(actor, ID, ID)),
    (GetThreshold, READ, lambda run, actor: run(actor, ID, ID)),
    (SetThreshold, ADJUST, lambda run, actor: run(actor, ID, ID, threshold=1)),
    (ListAlerts, READ, lambda run, actor: run(actor)),
    (ListProducts, READ, lambda run, actor: run(actor, ID)),
    (OpenStocktake, ADJUST, lambda run, actor: run(actor, uuid4())),
    (ListStocktakes, READ, lambda run, actor: run(actor)),
    (ListStocks, READ, lambda run, actor: run(actor)),
    (ListWarehouses, READ, lambda run, actor: run(actor)),
    (ListAdjustments, READ, lambda run, actor: run(actor)),
]
FAILING: list[tuple[type, str, Call]] = [
    (CountStock, ADJUST, lambda run, actor: run(actor, ID, [Count(ID, 1)])),
    (CloseStocktake, ADJUST, lambda run, actor: run(actor, ID)),
    (CancelStocktake, ADJUST, lambda run, actor: run(actor, ID)),
    (GetStocktake, READ, lambda run, actor: run(actor, ID)),
    (ListStocktakeLines, READ, lambda run, actor: run(actor, ID)),
    (AcknowledgeAlert, ADJUST, lambda run, actor: run(actor, ID)),
    (CancelMovement, ADJUST, lambda run, actor: run(actor, ID, note="")),
    (ResolveVariance, ADJUST, lambda run, actor: run(actor, ID, outcome=VarianceOutcome.LOST, note="")),
    (GetAlert, READ, lambda run, actor: run(actor, ID)),
    (RecordMessages, RECORD, lambda run, actor: run.set_aside(actor, None, "")),
    (ReceiveMessage, RECORD, lambda run, actor: run(actor, b"{")),
    (RetryQuarantined, QUARANTINE, lambda run, actor: run(actor, ID)),
    (DiscardQuarantined, QUARANTINE, lambda run, actor: run(actor, ID, note="")),
    (GetQuarantineItem, QUARANTINE, lambda run, actor: run(actor, ID)),
    (GetMovement, READ, lambda run, actor: run(actor, ID)),
]


def holder(*permissions: str) -> Actor:
    return Actor(ActorKind.SERVICE, "somebody", frozenset(permissions))


def test_every_use_case_is_tried() -> None:
    reactions = {reaction.use_case for reaction in MODULE.reactions}
    assert {use_case for use_case, _, _ in [*CALLS, *FAILING]} == set(MODULE.use_cases) - reactions


@pytest.mark.parametrize("use_case,permission,call", [*CALLS, *FAILING])
async def test_others_are_refused(house: House, use_case: type, permission: str, call: Call) -> None:
    run: Any = await house.get(use_case)
    for actor in (ANONYMOUS, holder(*set(ALL) - {permission})):
        with pytest.raises(Forbidden) as refusal:
            await call(run, actor)
        assert refusal.value.params == {"permission": permission}


@pytest.mark.parametrize("use_case,permission,call", CALLS)
async def test_the_permission_is_enough(house: House, use_case: type, permission: str, call: Call) -> None:
    run: Any = await house.get(use_case)
    await call(run, holder(permission))
    await call(run, system_actor("consumer"))
