"""Whether PostgreSQL answers, with this schema."""

from sqlalchemy import func, literal_column, select

from adapters.postgres.statement import Statement
from adapters.postgres.store import PostgresStore
from adapters.postgres.tables import segment
from core.kernel.health import HealthCheck

_ASK = Statement(select(func.count()).select_from(segment).where(segment.c.state == literal_column("'hot'")))


class PostgresHealth(HealthCheck):
    """One small read of a migrated table."""

    name = "postgres"

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def check(self) -> None:
        await self._store.row(_ASK)
