"""Deliveries in PostgreSQL, as operators read and change them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg
import msgspec

from adapters.postgres import deliveries_sql as sql
from adapters.postgres import requests
from adapters.postgres.audit import PostgresAuditLog
from adapters.postgres.lanes import finish_within
from adapters.postgres.lanes_sql import LET_GO
from adapters.postgres.store import PostgresStore
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.outbox import Delivery
from core.kernel.paging import Page, decode_cursor, encode_cursor
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork
from core.operations.api import ChosenDeliveries, DeliveryState, DeliveryView, FactView
from core.operations.ports import Deliveries, DeliveryReader, FactReader, OperationsWork
from core.operations.positions import ByDelivery

START = ByDelivery(0, "")


class PostgresDeliveries(Deliveries):
    """Changes deliveries in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def lock(self, chosen: ChosenDeliveries, limit: int) -> list[int]:
        args = chosen.subscriber, chosen.seq, chosen.name, chosen.error, limit
        return [seq for (seq,) in await self._connection.fetch(sql.LOCK, *args)]

    async def replay(self, subscriber: str, seqs: Sequence[int], now: datetime) -> None:
        await self._connection.execute(sql.REPLAY, subscriber, seqs, now)
        await self._connection.execute(sql.WAKE)

    async def drop(self, subscriber: str, seqs: Sequence[int]) -> None:
        keys = [key for (key,) in await self._connection.fetch(sql.DROP, subscriber, seqs)]
        await self._connection.execute(LET_GO, subscriber, keys)
        await self._connection.execute(sql.WAKE)


class PostgresOperationsWork(OperationsWork):
    """Repositories over one transaction; operations has no facts of its own, so nobody hears any."""

    wanted: frozenset[type[Fact]] = frozenset()

    def __init__(self, connection: asyncpg.Connection, request: RequestKey | None, clock: Clock) -> None:
        self.audit = PostgresAuditLog(connection)
        self.deliveries = PostgresDeliveries(connection)
        self._connection = connection
        self._request = request
        self._clock = clock

    def publish(self, *facts: Fact) -> None:
        """Nobody wants facts of operations."""

    async def answer(self, result: object) -> None:
        if self._request is not None:
            await requests.keep(self._connection, self._request, result, self._clock)


class OpenPostgresOperations(OpenWork[OperationsWork]):
    """Opens units of work over deliveries."""

    def __init__(self, store: PostgresStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    @asynccontextmanager
    async def __call__(
        self, delivery: Delivery | None = None, request: RequestKey | None = None
    ) -> AsyncIterator[OperationsWork]:
        async with self._store.transaction() as connection:
            if delivery is not None:
                await finish_within(connection, delivery)
            if request is not None:
                await requests.begin(connection, request)
            yield PostgresOperationsWork(connection, request, self._clock)


class PostgresDeliveryReader(DeliveryReader):
    """Reads deliveries with their facts."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def deliveries(
        self, subscriber: str | None, state: DeliveryState | None, limit: int, cursor: str | None, *, failed: bool
    ) -> Page[DeliveryView]:
        start = START if cursor is None else decode_cursor(cursor, ByDelivery)
        wanted = None if state is None else state.value
        statement = sql.LIST_FAILED if failed else sql.LIST
        async with self._store.connection() as connection:
            found = await connection.fetch(statement, subscriber, wanted, start.seq, start.subscriber, limit + 1)
        items = [_view(row) for row in found[:limit]]
        if len(found) <= limit:
            return Page(items)
        return Page(items, encode_cursor(ByDelivery(items[-1].seq, items[-1].subscriber)))

    async def delivery(self, subscriber: str, seq: int) -> DeliveryView | None:
        async with self._store.connection() as connection:
            row = await connection.fetchrow(sql.ONE, subscriber, seq)
        if row is None:
            return None
        return msgspec.structs.replace(_view(row), payload=msgspec.json.decode(row["payload"]))


class PostgresFactReader(FactReader):
    """Reads the outbox."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def last(self, limit: int) -> list[FactView]:
        async with self._store.connection() as connection:
            return [_fact(row) for row in await connection.fetch(sql.LAST, limit)]

    async def after(self, seq: int, missing: Sequence[int], limit: int) -> list[FactView]:
        async with self._store.connection() as connection:
            return [_fact(row) for row in await connection.fetch(sql.AFTER, seq, missing, limit)]


def _fact(row: asyncpg.Record) -> FactView:
    return FactView(**{**row, "payload": msgspec.Raw(row["payload"].encode())})


def _view(row: asyncpg.Record) -> DeliveryView:
    return DeliveryView(
        subscriber=row["subscriber"],
        seq=row["seq"],
        id=row["id"],
        name=row["name"],
        version=row["version"],
        key=row["key"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        failed=row["failed"],
        error=row["error"],
        due_at=row["due_at"],
        occurred_at=row["occurred_at"],
    )
