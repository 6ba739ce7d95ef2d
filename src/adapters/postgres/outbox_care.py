"""Measuring and cleaning the outbox."""

from datetime import datetime

from adapters.postgres import lanes_sql as sql
from adapters.postgres.store import PostgresStore
from core.kernel.outbox import Backlog, OutboxReader, OutboxUpkeep


class PostgresOutboxReader(OutboxReader):
    """Counts what waits."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def backlog(self) -> list[Backlog]:
        async with self._store.connection() as connection:
            return [Backlog(*row) for row in await connection.fetch(sql.BACKLOG)]


class PostgresOutboxUpkeep(OutboxUpkeep):
    """Deletes by age."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def sweep(self, before: datetime, limit: int) -> int:
        async with self._store.connection() as connection:
            facts = await connection.execute(sql.SWEEP_OUTBOX, before, limit)
            answers = await connection.execute(sql.SWEEP_ANSWERS, before, limit)
        return _count(facts) + _count(answers)


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
