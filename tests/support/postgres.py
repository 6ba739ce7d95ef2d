"""The PostgreSQL adapter as a subject of the port suites."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.memory.clock import FakeClock
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from adapters.postgres.alerts import PostgresAlertReader
from adapters.postgres.audit import PostgresAuditReader
from adapters.postgres.ledger import PostgresLedgerReader
from adapters.postgres.movements import PostgresMovementReader
from adapters.postgres.quarantine import PostgresQuarantineReader
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.stocks import PostgresStockReader
from adapters.postgres.stocktakes import PostgresStocktakeReader
from adapters.postgres.store import PostgresStore, open_store
from adapters.postgres.transit import PostgresTransitReader
from adapters.postgres.unit_of_work import OpenInventoryWork
from contracts.ports.subject import Subject
from core.inventory.events import MessageQuarantined, MovementApplied
from core.kernel.outbox import Subscriptions
from core.kernel.secret import Secret


@asynccontextmanager
async def store_of(url: str, pool: int = 10) -> AsyncIterator[PostgresStore]:
    """A pool on a migrated database."""
    async with open_store(PostgresSettings(url=Secret(url), pool=pool)) as store:
        yield store


def postgres_subject(store: PostgresStore) -> Subject:
    """An empty database whose listener wants two kinds of facts."""
    listener = MemoryListener((MovementApplied, MessageQuarantined))
    return Subject(
        OpenInventoryWork(store, listener, Subscriptions({}), FakeClock(), SeededIds(0)),
        PostgresMovementReader(store),
        PostgresStockReader(store),
        PostgresQuarantineReader(store),
        PostgresAuditReader(store),
        listener.heard,
        PostgresLedgerReader(store),
        PostgresTransitReader(store),
        alerts=PostgresAlertReader(store),
        stocktakes=PostgresStocktakeReader(store),
    )
