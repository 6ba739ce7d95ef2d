"""Say from how many pieces down a stock is low, and tell those who care when it turns."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from core.inventory.api import ThresholdView
from core.inventory.domain.levels import rearms_at
from core.inventory.events import StockFellLow, StockRecovered
from core.inventory.permissions import ADJUST
from core.inventory.ports import InventoryWork, Turn
from core.kernel import etags
from core.kernel.actor import Actor
from core.kernel.audit import AuditEntry, act_of
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class SetThreshold:
    """Watch a stock, change from how many pieces down it is low, or watch it no more."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids

    async def __call__(
        self,
        actor: Actor,
        warehouse_id: UUID,
        product_id: UUID,
        *,
        threshold: int | None,
        if_match: str | None = None,
    ) -> ThresholdView:
        """Set the threshold of one stock; what lies there now is judged at once.

        :param threshold: in pieces; None to watch it no more.
        :param if_match: entity tag of the threshold that the caller has seen.
        :raises Forbidden: the actor may not adjust.
        :raises Stale: the threshold is another by now.
        """
        actor.require(ADJUST)
        view = view_of(warehouse_id, product_id, threshold)
        return await again_if_contended(lambda: self._set(actor, view, if_match))

    async def _set(self, actor: Actor, view: ThresholdView, if_match: str | None) -> ThresholdView:
        warehouse_id, product_id = view.warehouse_id, view.product_id
        async with self.work() as work:
            before = await work.levels.threshold(warehouse_id, product_id)
            etags.match(if_match, view_of(warehouse_id, product_id, before))
            if view.threshold != before:
                turns = await work.levels.set_threshold(warehouse_id, product_id, view.threshold)
                await work.audit.record([self._entry(actor, view, before)])
                work.publish(*facts_of(turns))
        return view

    def _entry(self, actor: Actor, view: ThresholdView, before: int | None) -> AuditEntry:
        stock = f"{view.warehouse_id}/{view.product_id}"
        return act_of(actor, "inventory.threshold", stock, self.ids, self.clock, before=before, after=view.threshold)


def view_of(warehouse_id: UUID, product_id: UUID, threshold: int | None) -> ThresholdView:
    """What a reader sees of a threshold."""
    return ThresholdView(warehouse_id, product_id, threshold, None if threshold is None else rearms_at(threshold))


def facts_of(turns: Iterable[Turn]) -> list[Fact]:
    """What is told of stocks that have become low or are so no longer."""
    return [_fact(turn) for turn in turns]


def _fact(turn: Turn) -> Fact:
    if turn.low:
        assert turn.threshold is not None
        return StockFellLow(
            warehouse_id=turn.warehouse_id,
            product_id=turn.product_id,
            quantity=turn.quantity,
            threshold=turn.threshold,
        )
    return StockRecovered(
        warehouse_id=turn.warehouse_id,
        product_id=turn.product_id,
        quantity=turn.quantity,
        threshold=turn.threshold,
    )
