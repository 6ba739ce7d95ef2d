"""Units of work over deliveries in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.memory import requests
from adapters.memory.audit import MemoryAuditLog
from adapters.memory.deliveries import MemoryDeliveries
from adapters.memory.drafts import drafted
from adapters.memory.store import MemoryStore, Tables
from core.kernel.audit import AuditLog
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.outbox import Delivery
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork
from core.operations.ports import Deliveries, OperationsWork


@dataclass(slots=True)
class MemoryOperationsWork(OperationsWork):
    """Repositories over one draft; operations has no facts of its own, so nobody hears any."""

    audit: AuditLog
    deliveries: Deliveries
    tables: Tables
    request: RequestKey | None
    clock: Clock
    wanted: frozenset[type[Fact]] = frozenset()

    def publish(self, *facts: Fact) -> None:
        """Nobody wants facts of operations."""

    async def answer(self, result: object) -> None:
        """Keep the answer of the request in the draft."""
        if self.request is not None:
            requests.keep(self.tables, self.request, result, self.clock)


@dataclass(frozen=True, slots=True)
class OpenMemoryOperations(OpenWork[OperationsWork]):
    """Opens units of work one after another."""

    store: MemoryStore
    clock: Clock

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[OperationsWork]:
        """Open a unit of work as soon as no other is open.

        :raises RuntimeError: this task has one open.
        """
        async with drafted(self.store, delivery, request) as draft:
            yield MemoryOperationsWork(MemoryAuditLog(draft), MemoryDeliveries(draft), draft, request, self.clock)
        self.store.ring()
