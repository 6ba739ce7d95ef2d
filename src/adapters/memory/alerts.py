"""Alerts in memory."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from adapters.memory.pages import after, page
from adapters.memory.store import MemoryStore, Tables
from core.inventory.alerts import AlertReader, Alerts
from core.inventory.api import AlertKind, AlertState, AlertView
from core.inventory.domain.alerts import Alert, subject_of
from core.inventory.positions import ByAlert
from core.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class MemoryAlerts(Alerts):
    """Keeps alerts in a draft; since one unit of work writes at a time, nobody else ever holds one."""

    tables: Tables

    async def add(self, alert: Alert) -> None:
        """Open an alert unless one of its kind and subject is open."""
        if not self._open(alert.kind, alert.subject):
            self.tables.alerts.put(alert.id, _view(alert))

    async def clear(self, kind: AlertKind, subject: str, at: datetime) -> None:
        """Clear the open alert of a kind and subject."""
        for view in self._open(kind, subject):
            self.tables.alerts.put(view.id, replace(view, state=AlertState.CLEARED, cleared_at=at))

    async def lock(self, alert_id: UUID) -> AlertView | None:
        """An alert, or None."""
        return self.tables.alerts.get(alert_id)

    async def acknowledge(self, alert_id: UUID, actor: str, note: str, at: datetime) -> None:
        """Note who has looked at an alert."""
        view = self.tables.alerts.get(alert_id)
        if view is not None:
            self.tables.alerts.put(alert_id, replace(view, acked_at=at, acked_by=actor, note=note))

    def _open(self, kind: AlertKind, subject: str) -> list[AlertView]:
        views = (view for view in self.tables.alerts.values() if view.kind is kind and view.state is AlertState.OPEN)
        return [view for view in views if subject_of(view.warehouse_id, view.product_id, view.movement_id) == subject]


@dataclass(frozen=True, slots=True)
class MemoryAlertReader(AlertReader):
    """Reads what is committed; lists look at every alert."""

    store: MemoryStore

    async def alert(self, alert_id: UUID) -> AlertView | None:
        """One alert, or None."""
        return self.store.committed.alerts.get(alert_id)

    async def alerts(
        self, kind: AlertKind | None, state: AlertState | None, limit: int, cursor: str | None
    ) -> Page[AlertView]:
        """Alerts, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
        start = after(cursor, ByAlert)
        rows = (
            (ByAlert(view.id), view)
            for view in sorted(self.store.committed.alerts.values(), key=lambda view: view.id, reverse=True)
            if kind in {None, view.kind} and state in {None, view.state} and (start is None or view.id < start.id)
        )
        return page(rows, limit)


def _view(alert: Alert) -> AlertView:
    return AlertView(
        id=alert.id,
        kind=alert.kind,
        state=AlertState.OPEN,
        warehouse_id=alert.warehouse_id,
        product_id=alert.product_id,
        movement_id=alert.movement_id,
        details=alert.details,
        since=alert.since,
        cleared_at=None,
        acked_at=None,
        acked_by=None,
        note=None,
    )
