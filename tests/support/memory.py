"""The memory adapter as a subject of the port suites."""

from adapters.memory.alerts import MemoryAlertReader
from adapters.memory.audit import MemoryAuditReader
from adapters.memory.clock import FakeClock
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from adapters.memory.ledger import MemoryLedgerReader
from adapters.memory.movement_reader import MemoryMovementReader
from adapters.memory.quarantine_reader import MemoryQuarantineReader
from adapters.memory.stock_reader import MemoryStockReader
from adapters.memory.stocktakes import MemoryStocktakeReader
from adapters.memory.store import MemoryStore
from adapters.memory.transit import MemoryTransitReader
from adapters.memory.unit_of_work import OpenMemoryWork
from contracts.ports.subject import Subject
from core.inventory.events import MessageQuarantined, MovementApplied
from core.kernel.outbox import Subscriptions


def memory_subject() -> Subject:
    """An empty memory store whose listener wants two kinds of facts."""
    store, listener = MemoryStore(), MemoryListener((MovementApplied, MessageQuarantined))
    return Subject(
        OpenMemoryWork(store, listener, Subscriptions({}), FakeClock(), SeededIds(0)),
        MemoryMovementReader(store),
        MemoryStockReader(store),
        MemoryQuarantineReader(store),
        MemoryAuditReader(store),
        listener.heard,
        MemoryLedgerReader(store),
        MemoryTransitReader(store),
        alerts=MemoryAlertReader(store),
        stocktakes=MemoryStocktakeReader(store),
    )
