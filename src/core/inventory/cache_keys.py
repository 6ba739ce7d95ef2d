"""Under which keys answers about inventory are kept for a few seconds."""

from uuid import UUID


def movement_key(movement_id: UUID) -> str:
    """The key of one movement."""
    return f"movement:{movement_id.hex}"


def stock_key(warehouse_id: UUID, product_id: UUID) -> str:
    """The key of the present stock of a product in a warehouse."""
    return f"stock:{warehouse_id.hex}:{product_id.hex}"
