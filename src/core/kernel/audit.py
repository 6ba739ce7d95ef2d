"""The trail of who changed what by hand."""

from abc import abstractmethod
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from core.kernel.actor import NOWHERE, Actor, Origin
from core.kernel.clock import Clock
from core.kernel.ids import Ids


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One act of an actor on an object; append-only.

    ``impersonator`` names the one who acted as the actor, ``origin`` tells from where; ``details`` hold no secret.
    """

    id: UUID
    at: datetime
    actor: str
    action: str
    object_id: str
    details: dict[str, Any]
    impersonator: str | None = None
    origin: Origin = NOWHERE


def act_of(actor: Actor, action: str, object_id: object, ids: Ids, clock: Clock, **details: Any) -> AuditEntry:
    """The entry of an act that an actor does now.

    :param action: like ``identity.role.grant``.
    :param object_id: what it is done to.
    :param details: as JSON; what it was before and is after, secrets masked.
    """
    return AuditEntry(
        id=ids.new(),
        at=clock.now(),
        actor=actor.name,
        action=action,
        object_id=str(object_id),
        details=details,
        impersonator=None if actor.impersonator is None else f"user:{actor.impersonator}",
        origin=actor.origin,
    )


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

    @abstractmethod
    async def newest(self, object_id: str, limit: int, before: UUID | None) -> list[AuditEntry]:
        """Entries about one object, newest first.

        :param before: id of an entry; only older ones are told of.
        """
