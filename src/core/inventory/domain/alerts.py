"""What alerts are about."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from core.inventory.api import AlertKind


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something that begins to hold; ``movement_id`` is None where it is about a stock."""

    id: UUID
    kind: AlertKind
    warehouse_id: UUID
    product_id: UUID
    movement_id: UUID | None
    details: dict[str, Any]
    since: datetime

    @property
    def subject(self) -> str:
        """What it is about: of one kind and subject at most one alert is open."""
        return subject_of(self.warehouse_id, self.product_id, self.movement_id)


def subject_of(warehouse_id: UUID, product_id: UUID, movement_id: UUID | None) -> str:
    """The movement, or without one the stock."""
    return f"{warehouse_id}:{product_id}" if movement_id is None else str(movement_id)
