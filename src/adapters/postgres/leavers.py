"""Deleted accounts in PostgreSQL."""

from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import Uuid, bindparam, delete, literal_column, select

from adapters.postgres.accounts import account_of
from adapters.postgres.identity_tables import account as table
from adapters.postgres.roles_tables import account_role
from adapters.postgres.statement import Statement
from adapters.postgres.tables import Moment
from adapters.postgres.traces_tables import sign_in
from core.identity.api import AccountStatus
from core.identity.domain.account import Account
from core.identity.leavers import Leavers

_NEXT = Statement(
    select(table)
    .where(
        table.c.status == literal_column(f"'{AccountStatus.DELETED.value}'"),
        table.c.delete_at <= bindparam("moment", type_=Moment),
    )
    .order_by(table.c.delete_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_REMOVE_ROLES = Statement(delete(account_role).where(account_role.c.account_id == bindparam("owner", type_=Uuid)))
_REMOVE_ATTEMPTS = Statement(delete(sign_in).where(sign_in.c.account_id == bindparam("owner", type_=Uuid)))
_REMOVE = Statement(delete(table).where(table.c.id == bindparam("account_id", type_=Uuid)))


class PostgresLeavers(Leavers):
    """Drops accounts in the transaction of the caller; what refers to them goes with them."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def next(self, now: datetime) -> Account | None:
        row = await self._connection.fetchrow(_NEXT.text, *_NEXT.args(moment=now))
        return None if row is None else account_of(row)

    async def remove(self, account_id: UUID) -> None:
        await self._connection.execute(_REMOVE_ROLES.text, account_id)
        await self._connection.execute(_REMOVE_ATTEMPTS.text, account_id)
        await self._connection.execute(_REMOVE.text, account_id)
