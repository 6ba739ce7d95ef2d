"""Find goods that are under way for too long, and say what too long is."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from core.inventory.api import TransitLimitView
from core.inventory.domain.transit import DEFAULT_HOURS
from core.inventory.events import TransitOverdue, TransitOverdueCleared
from core.inventory.permissions import ADJUST, RECORD
from core.inventory.ports import Cleared, InventoryWork
from core.inventory.transit import Overdue
from core.kernel import etags
from core.kernel.actor import Actor
from core.kernel.audit import AuditEntry, act_of
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended

BATCH = 500
BATCHES = 20
ARRIVED = "arrived"
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class WatchTransit:
    """Mark goods that are overdue and tell of each once; meant to be called again and again."""

    work: OpenWork[InventoryWork]
    clock: Clock

    async def __call__(self, actor: Actor) -> int:
        """Mark what is overdue by now, in batches; what exceeds the most that one call marks is left to the next.

        :returns: how many it marked.
        :raises Forbidden: the actor may not record.
        """
        actor.require(RECORD)
        marked = 0
        for _ in range(BATCHES):
            found = await again_if_contended(self._mark)
            marked += found
            if found < BATCH:
                break
        return marked

    async def _mark(self) -> int:
        async with self.work() as work:
            found = await work.transit.mark_overdue(self.clock.now(), DEFAULT_HOURS, BATCH)
            work.publish(*(_fact(overdue) for overdue in found))
        return len(found)


@dataclass(frozen=True, slots=True)
class SetTransitLimit:
    """Say how long goods that left a warehouse may be under way."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: Actor, warehouse_id: UUID, *, hours: int | None, if_match: str | None = None
    ) -> TransitLimitView:
        """Set the limit of one warehouse; goods that are overdue already stay so.

        :param hours: None for the limit of warehouses that have none of their own.
        :param if_match: entity tag of the limit that the caller has seen.
        :raises Forbidden: the actor may not adjust.
        :raises Stale: the limit is another by now.
        """
        actor.require(ADJUST)
        return await again_if_contended(lambda: self._set(actor, warehouse_id, hours, if_match))

    async def _set(self, actor: Actor, warehouse_id: UUID, hours: int | None, if_match: str | None) -> TransitLimitView:
        view = limit_view(warehouse_id, hours)
        async with self.work() as work:
            before = await work.transit.limit(warehouse_id)
            etags.match(if_match, limit_view(warehouse_id, before))
            if hours != before:
                await work.transit.set_limit(warehouse_id, hours)
                await work.audit.record([self._entry(actor, warehouse_id, before, hours)])
        return view

    def _entry(self, actor: Actor, warehouse_id: UUID, before: int | None, after: int | None) -> AuditEntry:
        return act_of(actor, "inventory.transit_limit", warehouse_id, self.ids, self.clock, before=before, after=after)


def limit_view(warehouse_id: UUID, hours: int | None) -> TransitLimitView:
    """What a reader sees of a limit.

    :param hours: that of the warehouse itself.
    """
    return TransitLimitView(warehouse_id, DEFAULT_HOURS if hours is None else hours, hours is None)


def cleared_facts(cleared: Iterable[Cleared], cause: str = ARRIVED) -> list[TransitOverdueCleared]:
    """What is told of goods that were overdue until they arrived, or whatever else the cause is."""
    return [
        TransitOverdueCleared(
            movement_id=each.movement_id, warehouse_id=each.warehouse_id, product_id=each.product_id, cause=cause
        )
        for each in cleared
    ]


def _fact(overdue: Overdue) -> TransitOverdue:
    return TransitOverdue(
        movement_id=overdue.movement_id,
        warehouse_id=overdue.warehouse_id,
        product_id=overdue.product_id,
        quantity=overdue.quantity,
        departed_at=overdue.departed_at,
        limit_hours=overdue.limit_hours,
    )
