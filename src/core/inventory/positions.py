"""Where an item stands in a list: what is inside a cursor."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

Place = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class ByReceipt(msgspec.Struct, tag="movements", array_like=True, frozen=True, order=True):
    """A movement in the order of receipt."""

    seq: Place


class ByDeparture(msgspec.Struct, tag="in_transit", array_like=True, frozen=True, order=True):
    """A departure in the order of event time."""

    departed_at: Annotated[datetime, Meta(tz=True)]
    movement_id: UUID

    def __post_init__(self) -> None:
        if not 1900 < self.departed_at.year < 2300:
            raise ValueError("no event is of that time")


class ByOverdue(msgspec.Struct, tag="overdue", array_like=True, frozen=True, order=True):
    """An overdue departure in the order of event time."""

    departed_at: Annotated[datetime, Meta(tz=True)]
    movement_id: UUID

    def __post_init__(self) -> None:
        if not 1900 < self.departed_at.year < 2300:
            raise ValueError("no event is of that time")


class BySource(msgspec.Struct, tag="in_transit_totals", array_like=True, frozen=True, order=True):
    """A sum by where the goods left and what they are."""

    source_warehouse_id: UUID
    product_id: UUID


class ByProduct(msgspec.Struct, tag="products", array_like=True, frozen=True, order=True):
    """A stock in its warehouse."""

    product_id: UUID


class ByStock(msgspec.Struct, tag="stocks", array_like=True, frozen=True, order=True):
    """A stock among all."""

    warehouse_id: UUID
    product_id: UUID


class ByWarehouse(msgspec.Struct, tag="warehouses", array_like=True, frozen=True, order=True):
    """A warehouse."""

    warehouse_id: UUID


class ByStocktake(msgspec.Struct, tag="stocktakes", array_like=True, frozen=True, order=True):
    """A stocktake; ids grow with time."""

    id: UUID


class ByLine(msgspec.Struct, tag="stocktake_lines", array_like=True, frozen=True, order=True):
    """A counted product of one stocktake."""

    product_id: UUID


class ByAdjustment(msgspec.Struct, tag="adjustments", array_like=True, frozen=True, order=True):
    """An adjustment; ids grow with time."""

    id: UUID


class ByEntry(msgspec.Struct, tag="ledger", array_like=True, frozen=True, order=True):
    """A change of one stock in the order in which they were recorded."""

    seq: Place


class ByItem(msgspec.Struct, tag="quarantine", array_like=True, frozen=True, order=True):
    """A quarantined message; ids grow with time."""

    id: UUID


class ByAlert(msgspec.Struct, tag="alerts", array_like=True, frozen=True, order=True):
    """An alert; ids grow with time."""

    id: UUID
