"""Units of work of any module: one transaction, the outbox inside it, and listeners after it."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg

from adapters.postgres import requests
from adapters.postgres.audit import PostgresAuditLog
from adapters.postgres.lanes import finish_within
from adapters.postgres.outbox import PostgresOutbox
from adapters.postgres.store import PostgresStore
from core.kernel.audit import AuditLog
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.outbox import Delivery, Subscriptions
from core.kernel.requests import RequestKey
from core.kernel.work import FactListener, OpenWork, Work


class Transaction(Work):
    """What units of work of every module have over one transaction."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        wanted: frozenset[type[Fact]],
        request: RequestKey | None,
        clock: Clock,
    ) -> None:
        self.audit: AuditLog = PostgresAuditLog(connection)
        self.wanted = wanted
        self.facts: list[Fact] = []
        self._connection = connection
        self._request = request
        self._clock = clock

    def publish(self, *facts: Fact) -> None:
        self.facts += [fact for fact in facts if type(fact) in self.wanted]

    async def answer(self, result: object) -> None:
        if self._request is not None:
            await requests.keep(self._connection, self._request, result, self._clock)


T = TypeVar("T", bound=Transaction)


class OpenTransaction(OpenWork[T]):
    """Opens units of work; a module says in ``_begin`` which repositories its own has."""

    def __init__(
        self, store: PostgresStore, listener: FactListener, subscriptions: Subscriptions, clock: Clock, ids: Ids
    ) -> None:
        self._store = store
        self._listener = listener
        self._wanted = listener.wanted | subscriptions.wanted
        self._outbox = PostgresOutbox(subscriptions, clock, ids)
        self._clock = clock

    @abstractmethod
    def _begin(self, connection: asyncpg.Connection, request: RequestKey | None) -> T:
        """A unit of work in the transaction of a connection."""

    @asynccontextmanager
    async def __call__(self, delivery: Delivery | None = None, request: RequestKey | None = None) -> AsyncIterator[T]:
        async with self._store.transaction() as connection:
            if delivery is not None:
                await finish_within(connection, delivery)
            if request is not None:
                await requests.begin(connection, request)
            work = self._begin(connection, request)
            yield work
            if work.facts:
                await self._outbox.add(connection, work.facts)
        if heard := [fact for fact in work.facts if type(fact) in self._listener.wanted]:
            self._listener.hear(heard)
