"""The movement that all examples speak of: 100 pieces left, 98 arrived."""

from datetime import UTC, datetime
from uuid import UUID

MOVEMENT = UUID("c6290746-790e-43fa-8270-014dc90e02e0")
PRODUCT = UUID("4705204f-498f-4f96-b4ba-df17fb56bf55")
SOURCE = UUID("25718666-6af6-4281-b5a6-3016e36fa557")
DESTINATION = UUID("c1d70455-7e14-11e9-812a-70106f431230")
ENVELOPE = UUID("b3b53031-e83a-4654-87f5-b6b6fb09fd99")
LEFT_AT = datetime(2025, 2, 18, 12, 12, 56, tzinfo=UTC)
ARRIVED_AT = datetime(2025, 2, 18, 14, 34, 56, tzinfo=UTC)
ITEM = UUID("01951930-0000-7000-8000-000000000001")

DEPARTURE = {
    "id": str(ENVELOPE),
    "source": "WH-3423",
    "specversion": "1.0",
    "type": "ru.retail.warehouses.movement",
    "datacontenttype": "application/json",
    "dataschema": "ru.retail.warehouses.movement.v1.0",
    "time": 1737439421623,
    "subject": "WH-3423:DEPARTURE",
    "destination": "ru.retail.warehouses",
    "data": {
        "movement_id": str(MOVEMENT),
        "warehouse_id": str(SOURCE),
        "timestamp": "2025-02-18T12:12:56Z",
        "event": "departure",
        "product_id": str(PRODUCT),
        "quantity": 100,
    },
}
