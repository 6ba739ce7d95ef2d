"""Open and clear alerts as facts tell."""

from dataclasses import dataclass

from core.inventory.api import AlertKind
from core.inventory.domain.alerts import Alert, subject_of
from core.inventory.events import StockFellLow, StockRecovered, TransitOverdue, TransitOverdueCleared
from core.inventory.ports import InventoryWork
from core.kernel.ids import Ids
from core.kernel.outbox import Delivery
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class KeepAlerts:
    """Keep one open alert for each stock that is low and each movement that is overdue."""

    work: OpenWork[InventoryWork]
    ids: Ids

    async def __call__(self, delivery: Delivery) -> None:
        """Open or clear an alert, once for each delivery.

        :raises Superseded: the delivery is done, or another's.
        """
        await again_if_contended(lambda: self._keep(delivery))

    async def _keep(self, delivery: Delivery) -> None:
        async with self.work(delivery) as work:
            if delivery.name == StockFellLow.name:
                await work.alerts.add(self._low(delivery))
            elif delivery.name == TransitOverdue.name:
                await work.alerts.add(self._overdue(delivery))
            elif delivery.name == StockRecovered.name:
                stock = delivery.fact(StockRecovered)
                subject = subject_of(stock.warehouse_id, stock.product_id, None)
                await work.alerts.clear(AlertKind.LOW_STOCK, subject, delivery.occurred_at)
            elif delivery.name == TransitOverdueCleared.name:
                subject = str(delivery.fact(TransitOverdueCleared).movement_id)
                await work.alerts.clear(AlertKind.OVERDUE_TRANSIT, subject, delivery.occurred_at)

    def _low(self, delivery: Delivery) -> Alert:
        fact = delivery.fact(StockFellLow)
        return Alert(
            id=self.ids.new(),
            kind=AlertKind.LOW_STOCK,
            warehouse_id=fact.warehouse_id,
            product_id=fact.product_id,
            movement_id=None,
            details={"quantity": fact.quantity, "threshold": fact.threshold},
            since=delivery.occurred_at,
        )

    def _overdue(self, delivery: Delivery) -> Alert:
        fact = delivery.fact(TransitOverdue)
        return Alert(
            id=self.ids.new(),
            kind=AlertKind.OVERDUE_TRANSIT,
            warehouse_id=fact.warehouse_id,
            product_id=fact.product_id,
            movement_id=fact.movement_id,
            details={
                "quantity": fact.quantity,
                "departed_at": fact.departed_at.isoformat(),
                "limit_hours": fact.limit_hours,
            },
            since=delivery.occurred_at,
        )
