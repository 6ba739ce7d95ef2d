"""Sends demo data through the doors that everybody uses; what is there already stays as it is."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

import msgspec
from dishka import AsyncContainer
from msgspec import Struct

from core.inventory.api import Count, StocktakeState
from core.inventory.usecases.import_adjustments import ImportAdjustments
from core.inventory.usecases.queries.movements import GetMovement
from core.inventory.usecases.queries.stock import ListAdjustments
from core.inventory.usecases.queries.stocktakes import ListStocktakes
from core.inventory.usecases.receive_batch import MOST, ReceiveBatch
from core.inventory.usecases.take_stock import CloseStocktake, CountStock, OpenStocktake
from core.inventory.usecases.watch_stock import SetThreshold
from core.kernel.actor import Actor, ActorKind
from core.kernel.clock import Clock
from core.kernel.errors import Kind, SotyError
from entrypoints.cli.demo.plan import DAYS, Json, Plan, sheet
from entrypoints.shared.modules import MODULES

ACTOR = Actor(ActorKind.SERVICE, "demo", frozenset(each for module in MODULES for each in module.permissions))


class Loaded(Struct, frozen=True, kw_only=True):
    """What was sent and what became of it; nothing was sent when it was there ``before``."""

    name: str
    warehouses: int
    products: int
    movements: int
    applied: int = 0
    duplicates: int = 0
    quarantined: int = 0
    before: bool = False


async def plan_of(container: AsyncContainer, size: str, seed: int) -> Plan:
    """The plan of what is there already, otherwise one that ends with the last midnight (UTC)."""
    today = (await container.get(Clock)).now().replace(hour=0, minute=0, second=0, microsecond=0)
    began = await _began(container, Plan(size, seed, today))
    return Plan(size, seed, today if began is None else began + timedelta(days=DAYS))


async def is_loaded(container: AsyncContainer, plan: Plan) -> bool:
    """Whether everything is there: the stocktake that is closed last is closed."""
    found = await (await container.get(ListStocktakes))(
        ACTOR, warehouse_id=plan.warehouses[0], state=StocktakeState.CLOSED, limit=1
    )
    return bool(found.items)


async def load(container: AsyncContainer, size: str, seed: int) -> Loaded:
    """Load what is not there yet, in an order in which it may break off anywhere and be begun again."""
    plan = await plan_of(container, size, seed)
    told = Loaded(
        name=plan.name,
        warehouses=len(plan.warehouses),
        products=len(plan.products),
        movements=len(plan.movements),
    )
    if await is_loaded(container, plan):
        return msgspec.structs.replace(told, before=True)
    await _open_balances(container, plan)
    seen = await _send(container, [*plan.messages(), *plan.odd_messages()])
    await _set_thresholds(container, plan)
    await _take_stock(container, plan)
    return msgspec.structs.replace(
        told, applied=seen["applied"], duplicates=seen["duplicate"], quarantined=seen["quarantined"]
    )


async def _began(container: AsyncContainer, plan: Plan) -> datetime | None:
    try:
        return (await (await container.get(GetMovement))(ACTOR, plan.first_movement)).departure_time
    except SotyError as error:
        if error.kind is Kind.NOT_FOUND:
            return None
        raise


async def _open_balances(container: AsyncContainer, plan: Plan) -> None:
    """One table for each warehouse, all or none, so that one adjustment tells that all are there."""
    done, adjust = await container.get(ListAdjustments), await container.get(ImportAdjustments)
    for warehouse in plan.warehouses:
        if not (await done(ACTOR, warehouse_id=warehouse, limit=1)).items:
            own = [(pair, pieces) for pair, pieces in plan.openings.items() if pair[0] == warehouse]
            await adjust(ACTOR, sheet(own, plan.name))


async def _send(container: AsyncContainer, messages: list[Json]) -> Counter[str]:
    receive, seen, left = await container.get(ReceiveBatch), Counter[str](), iter(messages)
    while batch := list(islice(left, MOST)):
        results = await receive(ACTOR, msgspec.json.encode(batch))
        seen["quarantined"] += sum(refused is not None for refused in results.refused)
        received = [one for one in results.received if one is not None]
        seen["duplicate"] += sum(one.duplicate for one in received)
        seen["applied"] += sum(not one.duplicate for one in received)
    return seen


async def _set_thresholds(container: AsyncContainer, plan: Plan) -> None:
    set_threshold = await container.get(SetThreshold)
    for (warehouse, item), pieces in plan.thresholds.items():
        await set_threshold(ACTOR, warehouse, item, threshold=pieces)


async def _take_stock(container: AsyncContainer, plan: Plan) -> None:
    """One stocktake is under way in the second warehouse, and one is closed in the first, last of all."""
    first, second = plan.warehouses[:2]
    await _count(container, plan, second, plan.products[: len(plan.products) // 2])
    taken = await _count(container, plan, first, plan.products)
    await (await container.get(CloseStocktake))(ACTOR, taken)


async def _count(container: AsyncContainer, plan: Plan, warehouse: UUID, items: Sequence[UUID]) -> UUID:
    """Count products in the open stocktake of a warehouse, which is opened unless one was before."""
    found = await (await container.get(ListStocktakes))(
        ACTOR, warehouse_id=warehouse, state=StocktakeState.OPEN, limit=1
    )
    opened = found.items or [await (await container.get(OpenStocktake))(ACTOR, warehouse, note=plan.name)]
    counts = [Count(item, plan.stocks[warehouse, item]) for item in items]
    await (await container.get(CountStock))(ACTOR, opened[0].id, counts)
    return opened[0].id
