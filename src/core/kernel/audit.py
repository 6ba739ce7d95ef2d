"""The trail of who changed what by hand."""

from abc import abstractmethod
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One act of an actor on an object; append-only."""

    id: UUID
    at: datetime
    actor: str
    action: str
    object_id: str
    details: dict[str, Any]


class AuditLog(Protocol):
    """Keeps audit entries inside the unit of work that they tell of."""

    @abstractmethod
    async def record(self, entries: list[AuditEntry]) -> None:
        """Append entries; they are kept exactly when the unit of work commits."""


class AuditReader(Protocol):
    """Reads the trail."""

    @abstractmethod
    async def entries(self, object_id: str) -> list[AuditEntry]:
        """Entries about one object, oldest first; empty for an unknown one."""
