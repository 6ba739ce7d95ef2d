"""The log of sign-ins in PostgreSQL."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import Integer, Uuid, and_, bindparam, insert, null, or_, select

from adapters.postgres.statement import Statement
from adapters.postgres.store import PostgresStore
from adapters.postgres.traces_tables import sign_in as table
from core.identity.api import SignInMethod, SignInOutcome
from core.identity.domain.places import Place
from core.identity.traces import Attempt, AttemptReader, Attempts

_owner = table.c.account_id == bindparam("owner", type_=Uuid)
_but = bindparam("but", type_=Uuid)
_before = bindparam("before", type_=Uuid)
_begun = and_(_owner, table.c.session_id.is_not(null()), table.c.method != SignInMethod.IMPERSONATION.value)
_ADD = Statement(insert(table))
_PLACES = Statement(select(table.c.agent, table.c.address).where(_begun).order_by(table.c.id.desc()).limit(100))
_LIST = Statement(
    select(table)
    .where(_owner, or_(_before.is_(null()), table.c.id < _before))
    .order_by(table.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_LAST = Statement(
    select(table).where(_begun, or_(_but.is_(null()), table.c.session_id != _but)).order_by(table.c.id.desc()).limit(1)
)


class PostgresAttempts(Attempts):
    """Appends in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, attempt: Attempt) -> None:
        await self._connection.execute(_ADD.text, *_ADD.args(**msgspec.structs.asdict(attempt)))

    async def places(self, account_id: UUID) -> list[Place]:
        found = await self._connection.fetch(_PLACES.text, *_PLACES.args(owner=account_id))
        return [Place(row["agent"], row["address"]) for row in found]


class PostgresAttemptReader(AttemptReader):
    """Reads the log."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def attempts(self, account_id: UUID, limit: int, before: UUID | None) -> list[Attempt]:
        return [_attempt(row) for row in await self._store.rows(_LIST, owner=account_id, before=before, most=limit)]

    async def last(self, account_id: UUID, but: UUID | None = None) -> Attempt | None:
        row = await self._store.row(_LAST, owner=account_id, but=but)
        return None if row is None else _attempt(row)


def _attempt(row: Any) -> Attempt:
    known = {**row, "method": SignInMethod(row["method"]), "outcome": SignInOutcome(row["outcome"])}
    return Attempt(**known)
