"""Read alerts."""

from dataclasses import dataclass
from uuid import UUID

from core.inventory.alerts import AlertReader
from core.inventory.api import AlertKind, AlertState, AlertView
from core.inventory.domain.errors import AlertNotFound
from core.inventory.permissions import READ
from core.kernel.actor import Actor
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class GetAlert:
    """One alert."""

    reader: AlertReader

    async def __call__(self, actor: Actor, alert_id: UUID) -> AlertView:
        """Read one alert.

        :raises AlertNotFound: there is none.
        """
        actor.require(READ)
        found = await self.reader.alert(alert_id)
        if found is None:
            raise AlertNotFound(id=str(alert_id))
        return found


@dataclass(frozen=True, slots=True)
class ListAlerts:
    """Alerts that hold, and those that did."""

    reader: AlertReader

    async def __call__(
        self,
        actor: Actor,
        *,
        kind: AlertKind | None = None,
        state: AlertState | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[AlertView]:
        """One page of alerts, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        actor.require(READ)
        return await self.reader.alerts(kind, state, limit, cursor)
