"""The memory adapter for the container."""

from dishka import Provider, Scope, provide

from adapters.memory.audit import MemoryAuditReader
from adapters.memory.ledger import MemoryLedgerReader
from adapters.memory.movement_reader import MemoryMovementReader
from adapters.memory.quarantine_reader import MemoryQuarantineReader
from adapters.memory.stock_reader import MemoryStockReader
from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryWork
from core.inventory.ports import InventoryWork, LedgerReader, MovementReader, QuarantineReader, StockReader
from core.kernel.audit import AuditReader
from core.kernel.work import FactListener, OpenWork


class MemoryProvider(Provider):
    """Every storage port over one store, which lives as long as the container."""

    scope = Scope.APP

    store = provide(MemoryStore)
    audit = provide(MemoryAuditReader, provides=AuditReader)
    movements = provide(MemoryMovementReader, provides=MovementReader)
    stocks = provide(MemoryStockReader, provides=StockReader)
    ledger = provide(MemoryLedgerReader, provides=LedgerReader)
    quarantine = provide(MemoryQuarantineReader, provides=QuarantineReader)

    @provide
    def work(self, store: MemoryStore, listener: FactListener) -> OpenWork[InventoryWork]:
        """Opens units of work over the store."""
        return OpenMemoryWork(store, listener)
