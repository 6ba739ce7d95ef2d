"""What alerts need from outside."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.inventory.api import AlertKind, AlertState, AlertView
from core.inventory.domain.alerts import Alert
from core.kernel.paging import Page


class Alerts(Protocol):
    """Alerts that are kept until they are cleared, and after that as a record."""

    @abstractmethod
    async def add(self, alert: Alert) -> None:
        """Open an alert; nothing where one of its kind and subject is open."""

    @abstractmethod
    async def clear(self, kind: AlertKind, subject: str, at: datetime) -> None:
        """Clear the open alert of a kind and subject, if there is one."""

    @abstractmethod
    async def lock(self, alert_id: UUID) -> AlertView | None:
        """An alert, held against others until the unit of work ends; None when there is none."""

    @abstractmethod
    async def acknowledge(self, alert_id: UUID, actor: str, note: str, at: datetime) -> None:
        """Note who has looked at an alert."""


class AlertReader(Protocol):
    """Reads alerts."""

    @abstractmethod
    async def alert(self, alert_id: UUID) -> AlertView | None:
        """One alert, or None."""

    @abstractmethod
    async def alerts(
        self, kind: AlertKind | None, state: AlertState | None, limit: int, cursor: str | None
    ) -> Page[AlertView]:
        """Alerts, newest first.

        :raises InvalidCursor: not a cursor of this list.
        """
