"""Take back a movement that left and will not arrive."""

from dataclasses import dataclass
from uuid import UUID

from core.inventory.api import Decided, Decision, MovementView
from core.inventory.cache_keys import movement_key
from core.inventory.domain.view import movement_view
from core.inventory.events import MovementApplied, MovementCancelled
from core.inventory.permissions import ADJUST
from core.inventory.ports import Cancelled, Cleared, InventoryWork
from core.inventory.usecases.forget_entries import forget, keys_of
from core.inventory.usecases.record_messages import applied
from core.inventory.usecases.watch_stock import facts_of
from core.inventory.usecases.watch_transit import CANCELLED, cleared_facts
from core.kernel.actor import Actor
from core.kernel.audit import AuditEntry, act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class CancelMovement:
    """Cancel a movement without arrival: what it took lies in its stock again, and it waits for goods no more."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids
    cache: Cache

    async def __call__(
        self, actor: Actor, movement_id: UUID, *, note: str, request: RequestKey | None = None
    ) -> MovementView:
        """Cancel one movement; what comes back serves parked departures at once.

        :param note: why.
        :param request: makes the call happen once.
        :raises Forbidden: the actor may not adjust.
        :raises MovementNotFound: no half of it has come.
        :raises NotUnderWay: it was cancelled before, or its arrival has come.
        """
        actor.require(ADJUST)
        decision = Decision(Decided.CANCELLED, note, actor.name, self.clock.now())
        keys = [movement_key(movement_id)]
        try:
            return await again_if_contended(lambda: self._cancel(actor, movement_id, decision, request, keys))
        finally:
            await forget(self.cache, self.work, keys)

    async def _cancel(
        self, actor: Actor, movement_id: UUID, decision: Decision, request: RequestKey | None, keys: list[str]
    ) -> MovementView:
        async with self.work(request=request) as work:
            cancelled = await work.book.cancel(movement_id, decision.decided_at)
            keys += keys_of([cancelled.departure, *cancelled.released])
            is_first = await work.decisions.add(movement_id, decision)
            assert is_first
            await work.audit.record([self._entry(actor, cancelled, decision)])
            _publish(work, cancelled)
            view = movement_view(cancelled.departure, None, parked=False, decision=decision)
            await work.answer(view)
        return view

    def _entry(self, actor: Actor, cancelled: Cancelled, decision: Decision) -> AuditEntry:
        movement, details = cancelled.departure.movement_id, {"returned": cancelled.returned, "note": decision.note}
        return act_of(actor, "inventory.movement.cancel", movement, self.ids, self.clock, **details)


def _publish(work: InventoryWork, cancelled: Cancelled) -> None:
    departure = cancelled.departure
    movement, place, product = departure.movement_id, departure.warehouse_id, departure.product_id
    work.publish(
        MovementCancelled(
            movement_id=movement,
            warehouse_id=place,
            product_id=product,
            quantity=departure.quantity,
            returned=cancelled.returned,
        ),
        *facts_of(cancelled.turns),
    )
    if MovementApplied in work.wanted:
        work.publish(*(applied(event) for event in cancelled.released))
    if cancelled.was_overdue:
        work.publish(*cleared_facts([Cleared(movement, place, product)], CANCELLED))
