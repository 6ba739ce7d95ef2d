"""Set a stock right by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from core.inventory.api import BY_HAND, AdjustmentReason, AdjustmentView
from core.inventory.cache_keys import stock_key
from core.inventory.domain.errors import NothingToAdjust
from core.inventory.domain.movement import MovementEvent
from core.inventory.events import MovementApplied, StockAdjusted
from core.inventory.permissions import ADJUST
from core.inventory.ports import Adjusted, Adjustment, AllAdjusted, InventoryWork
from core.inventory.usecases.forget_entries import forget, keys_of
from core.inventory.usecases.record_messages import applied
from core.inventory.usecases.watch_stock import facts_of
from core.kernel.actor import Actor
from core.kernel.audit import AuditEntry, act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.requests import RequestKey
from core.kernel.wire import WrongFields
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class AdjustStock:
    """Add pieces to a stock or take them off, with the reason: opening balances, counts, damage, loss, finds."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids
    cache: Cache

    async def __call__(
        self,
        actor: Actor,
        *,
        warehouse_id: UUID,
        product_id: UUID,
        delta: int,
        reason: AdjustmentReason,
        note: str = "",
        request: RequestKey | None = None,
    ) -> AdjustmentView:
        """Change one stock; a credit serves parked departures at once.

        :param delta: pieces to add, below 0 to take off.
        :param request: makes the call happen once.
        :raises Forbidden: the actor may not adjust.
        :raises NothingToAdjust: ``delta`` is 0.
        :raises WrongFields: the reason is that of stocktakes.
        :raises InsufficientStock: the stock would fall below zero.
        """
        actor.require(ADJUST)
        if delta == 0:
            raise NothingToAdjust
        if reason is AdjustmentReason.STOCKTAKE:
            raise WrongFields([{"field": "/reason", "code": "not_one_of", "params": {"allowed": BY_HAND}}])
        adjustment = Adjustment(
            id=self.ids.new(),
            warehouse_id=warehouse_id,
            product_id=product_id,
            delta=delta,
            reason=reason,
            note=note,
            actor=actor.name,
            at=self.clock.now(),
        )
        released: list[MovementEvent] = []
        try:
            return await again_if_contended(lambda: self._adjust(actor, adjustment, request, released))
        finally:
            await forget(self.cache, self.work, chain([stock_key(warehouse_id, product_id)], keys_of(released)))

    async def _adjust(
        self, actor: Actor, adjustment: Adjustment, request: RequestKey | None, released: list[MovementEvent]
    ) -> AdjustmentView:
        async with self.work(request=request) as work:
            adjusted = await adjust(work, actor, self.ids, self.clock, adjustment)
            released += adjusted.released
            view = view_of(adjustment, adjusted.balance_after)
            await work.answer(view)
        return view


async def adjust(work: InventoryWork, actor: Actor, ids: Ids, clock: Clock, adjustment: Adjustment) -> Adjusted:
    """Change one stock within a unit of work, with all that is noted and published of it.

    :param actor: who adjusts.
    :param ids: makes identifiers of audit entries.
    :raises InsufficientStock: the stock would fall below zero.
    """
    adjusted = await work.book.adjust(adjustment)
    together = AllAdjusted([adjusted.balance_after], adjusted.released, adjusted.turns)
    await tell(work, actor, ids, clock, [adjustment], together)
    return adjusted


async def tell(
    work: InventoryWork,
    actor: Actor,
    ids: Ids,
    clock: Clock,
    adjustments: Sequence[Adjustment],
    adjusted: AllAdjusted,
) -> None:
    """Note in the audit trail what adjustments did, and publish it.

    :param actor: who adjusts.
    :param ids: makes identifiers of audit entries.
    """
    done = list(zip(adjustments, adjusted.balances, strict=True))
    await work.audit.record([_entry(actor, ids, clock, adjustment, balance) for adjustment, balance in done])
    if StockAdjusted in work.wanted:
        work.publish(*(_fact(adjustment, balance) for adjustment, balance in done))
    work.publish(*facts_of(adjusted.turns))
    if MovementApplied in work.wanted:
        work.publish(*(applied(event) for event in adjusted.released))


def view_of(adjustment: Adjustment, balance: int) -> AdjustmentView:
    """What a reader sees of an adjustment.

    :param balance: the stock right after it, in pieces.
    """
    return AdjustmentView(
        id=adjustment.id,
        warehouse_id=adjustment.warehouse_id,
        product_id=adjustment.product_id,
        delta=adjustment.delta,
        balance_after=balance,
        reason=adjustment.reason,
        note=adjustment.note,
        actor=adjustment.actor,
        created_at=adjustment.at,
    )


def _entry(actor: Actor, ids: Ids, clock: Clock, adjustment: Adjustment, balance: int) -> AuditEntry:
    return act_of(
        actor,
        "inventory.adjust",
        f"{adjustment.warehouse_id}/{adjustment.product_id}",
        ids,
        clock,
        before=balance - adjustment.delta,
        after=balance,
        reason=adjustment.reason,
        note=adjustment.note,
    )


def _fact(adjustment: Adjustment, balance: int) -> StockAdjusted:
    return StockAdjusted(
        adjustment_id=adjustment.id,
        warehouse_id=adjustment.warehouse_id,
        product_id=adjustment.product_id,
        delta=adjustment.delta,
        balance_after=balance,
        reason=adjustment.reason,
    )
