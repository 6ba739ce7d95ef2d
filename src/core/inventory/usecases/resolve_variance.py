"""Say what had become of goods that were missing or too many when a movement arrived."""

from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from core.inventory.api import AdjustmentReason, Decided, Decision, MovementView, Variance, VarianceOutcome
from core.inventory.cache_keys import movement_key, stock_key
from core.inventory.domain.errors import (
    MovementNotFound,
    NoOpenVariance,
    NothingMissing,
    VarianceAlreadyResolved,
)
from core.inventory.events import VarianceResolved
from core.inventory.permissions import ADJUST
from core.inventory.ports import Adjustment, InventoryWork, MovementReader
from core.inventory.usecases.adjust_stock import adjust
from core.inventory.usecases.forget_entries import forget, keys_of
from core.kernel.actor import Actor
from core.kernel.audit import AuditEntry, act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class ResolveVariance:
    """Close the variance of a movement; pieces that were found are added to the stock where it arrived."""

    work: OpenWork[InventoryWork]
    movements: MovementReader
    clock: Clock
    ids: Ids
    cache: Cache

    async def __call__(
        self,
        actor: Actor,
        movement_id: UUID,
        *,
        outcome: VarianceOutcome,
        note: str,
        request: RequestKey | None = None,
    ) -> MovementView:
        """Close the variance of one movement, for ever.

        :param note: a word for those who come later.
        :param request: makes the call happen once.
        :raises Forbidden: the actor may not adjust.
        :raises MovementNotFound: no half of it has come.
        :raises NoOpenVariance: as much arrived as departed, or a half has not come.
        :raises VarianceAlreadyResolved: somebody did so before.
        :raises NothingMissing: there is a surplus, and the outcome speaks of missing pieces.
        """
        actor.require(ADJUST)
        decision = Decision(Decided(outcome), note, actor.name, self.clock.now())
        # Halves that have both come never change; whether somebody else decided shows when the decision is kept.
        before = await self._with_variance(movement_id)
        if before.surplus and outcome is not VarianceOutcome.MISCOUNTED:
            raise NothingMissing(outcome=outcome.value)
        view = replace(before, variance=Variance.RESOLVED, decision=decision)
        keys = [movement_key(movement_id)]
        try:
            return await again_if_contended(lambda: self._resolve(actor, view, decision, request, keys))
        finally:
            await forget(self.cache, self.work, keys)

    async def _with_variance(self, movement_id: UUID) -> MovementView:
        view = await self.movements.movement(movement_id)
        if view is None:
            raise MovementNotFound(movement_id=str(movement_id))
        if view.variance is None:
            raise NoOpenVariance(movement_id=str(movement_id))
        return view

    async def _resolve(
        self, actor: Actor, view: MovementView, decision: Decision, request: RequestKey | None, keys: list[str]
    ) -> MovementView:
        async with self.work(request=request) as work:
            if not await work.decisions.add(view.movement_id, decision):
                raise VarianceAlreadyResolved(movement_id=str(view.movement_id))
            if decision.outcome is Decided.FOUND:
                keys += await self._put_back(work, actor, view, decision)
            await work.audit.record([self._entry(actor, view, decision)])
            work.publish(_fact(view, decision))
            await work.answer(view)
        return view

    async def _put_back(self, work: InventoryWork, actor: Actor, view: MovementView, decision: Decision) -> list[str]:
        place, shortage = view.destination_warehouse_id, view.shortage
        assert place is not None
        assert shortage is not None
        adjustment = Adjustment(
            id=self.ids.new(),
            warehouse_id=place,
            product_id=view.product_id,
            delta=shortage,
            reason=AdjustmentReason.FOUND,
            note=decision.note,
            actor=decision.actor,
            at=decision.decided_at,
        )
        adjusted = await adjust(work, actor, self.ids, self.clock, adjustment)
        return [stock_key(place, view.product_id), *keys_of(adjusted.released)]

    def _entry(self, actor: Actor, view: MovementView, decision: Decision) -> AuditEntry:
        details = {"outcome": decision.outcome, "quantity_diff": view.quantity_diff, "note": decision.note}
        return act_of(actor, "inventory.movement.resolve", view.movement_id, self.ids, self.clock, **details)


def _fact(view: MovementView, decision: Decision) -> VarianceResolved:
    source, destination, diff = view.source_warehouse_id, view.destination_warehouse_id, view.quantity_diff
    assert source is not None
    assert destination is not None
    assert diff is not None
    return VarianceResolved(
        movement_id=view.movement_id,
        product_id=view.product_id,
        source_warehouse_id=source,
        destination_warehouse_id=destination,
        quantity_diff=diff,
        outcome=decision.outcome,
    )
