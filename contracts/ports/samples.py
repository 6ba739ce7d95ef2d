"""Quarantined messages, audit entries and facts to put into an adapter."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.inventory.api import Door, Origin
from core.inventory.domain.movement import Reason
from core.inventory.events import MovementApplied
from core.inventory.ports import QuarantinedMessage
from core.kernel.audit import AuditEntry
from tests.support.events import T0, World

PLACE = Origin(Door.KAFKA, "movements", 3, 5_000_000_000)


def item(
    world: World,
    n: int,
    *,
    reason: Reason = Reason.NOT_JSON,
    identity: str | None = None,
    origin: Origin = PLACE,
    raw: bytes | None = b"\xff{\x00",
    movement: int | None = None,
    details: dict[str, Any] | None = None,
) -> QuarantinedMessage:
    """Message ``n`` on its way into quarantine, ``n`` seconds after the first moment of the tests."""
    return QuarantinedMessage(
        id=UUID(int=6 << 120 | world.number << 64 | n),
        identity=f"{world.number}/{n}" if identity is None else f"{world.number}/{identity}",
        reason=reason,
        origin=origin,
        raw=raw,
        movement_id=None if movement is None else world.movement(movement),
        details={} if details is None else details,
        at=T0 + timedelta(seconds=n),
    )


def short(world: World, n: int, movement: int) -> QuarantinedMessage:
    """Message ``n``, a departure of a movement that lacked stock at the webhook."""
    return item(world, n, reason=Reason.INSUFFICIENT_STOCK, origin=Origin(Door.WEBHOOK), movement=movement)


def entry(world: World, n: int, *, about: str = "thing", details: dict[str, Any] | None = None) -> AuditEntry:
    """Entry ``n`` of the audit trail about an object of the world."""
    return AuditEntry(
        id=UUID(int=7 << 120 | world.number << 64 | n),
        at=T0 + timedelta(seconds=n),
        actor="keeper",
        action="inventory.test",
        object_id=f"{world.number}/{about}",
        details={} if details is None else details,
    )


def fact(world: World, n: int) -> MovementApplied:
    """A fact about movement ``n``."""
    return MovementApplied(
        movement_id=world.movement(n),
        event="departure",
        warehouse_id=world.warehouse(),
        product_id=world.product(),
        quantity=1,
        occurred_at=T0,
    )
