"""Say that somebody has looked at an alert."""

from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from core.inventory.api import AlertView
from core.inventory.domain.errors import AlertNotFound
from core.inventory.permissions import ADJUST
from core.inventory.ports import InventoryWork
from core.kernel import etags
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class AcknowledgeAlert:
    """Note who has looked at an alert; it stays open until what it tells of is over."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids

    async def __call__(
        self,
        actor: Actor,
        alert_id: UUID,
        *,
        note: str = "",
        if_match: str | None = None,
        request: RequestKey | None = None,
    ) -> AlertView:
        """Acknowledge one alert; whoever did so last is shown.

        :param note: a word for those who come later.
        :param if_match: entity tag of the alert that the caller has seen.
        :raises Forbidden: the actor may not adjust.
        :raises AlertNotFound: there is none.
        :raises Stale: the alert is in another state by now.
        """
        actor.require(ADJUST)
        now = self.clock.now()

        async def attempt() -> AlertView:
            async with self.work(request=request) as work:
                before = await work.alerts.lock(alert_id)
                if before is None:
                    raise AlertNotFound(id=str(alert_id))
                etags.match(if_match, before)
                await work.alerts.acknowledge(alert_id, actor.name, note, now)
                view = replace(before, acked_at=now, acked_by=actor.name, note=note)
                told = {"kind": view.kind, "note": note}
                entry = act_of(actor, "inventory.alert.acknowledge", view.id, self.ids, self.clock, **told)
                await work.audit.record([entry])
                await work.answer(view)
                return view

        return await again_if_contended(attempt)
