"""Rows of identity that nobody needs any more, dropped from PostgreSQL."""

from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Table, bindparam, delete, func, select

from adapters.postgres.identity_tables import code, session
from adapters.postgres.statement import Statement
from adapters.postgres.store import PostgresStore
from adapters.postgres.tables import Moment
from adapters.postgres.traces_tables import sign_in
from core.identity.traces import Leftovers


def _drop(table: Table, over: ColumnElement[datetime]) -> Statement:
    """Drops the oldest rows; those that another transaction holds are passed over."""
    old = (
        select(table.c.id)
        .where(over < bindparam("moment", type_=Moment))
        .order_by(over)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )
    return Statement(delete(table).where(table.c.id.in_(old)).returning(table.c.id))


_ATTEMPTS = _drop(sign_in, sign_in.c.at)
_SESSIONS = _drop(session, func.coalesce(session.c.ended_at, session.c.expires_at))
_CODES = _drop(code, code.c.expires_at)


class PostgresLeftovers(Leftovers):
    """Drops rows in a transaction of their own."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def drop_attempts(self, before: datetime, most: int) -> int:
        return await self._dropped(_ATTEMPTS, before, most)

    async def drop_sessions(self, before: datetime, most: int) -> int:
        return await self._dropped(_SESSIONS, before, most)

    async def drop_codes(self, before: datetime, most: int) -> int:
        return await self._dropped(_CODES, before, most)

    async def _dropped(self, statement: Statement, before: datetime, most: int) -> int:
        async with self._store.transaction() as connection:
            return len(await connection.fetch(statement.text, *statement.args(moment=before, most=most)))
