"""API keys, written and read."""

from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import Text, Uuid, bindparam, delete, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.accounts import account_of
from adapters.postgres.factors_tables import api_key as table
from adapters.postgres.identity_tables import account
from adapters.postgres.statement import Statement
from adapters.postgres.store import PostgresStore
from adapters.postgres.tables import Moment
from core.identity.domain.account import Account
from core.identity.keys import ApiKey, ApiKeyReader, ApiKeys, ApiKeyView

_GIVEN = ("id", "account_id", "prefix", "digest", "name", "scopes", "created_at", "expires_at")
_ADD = Statement(insert(table).values({name: bindparam(name, type_=table.c[name].type) for name in _GIVEN}))
_owner = table.c.account_id == bindparam("owner", type_=Uuid)
_COUNT = Statement(select(func.count()).where(_owner))
_REVOKE = Statement(delete(table).where(_owner, table.c.id == bindparam("key_id", type_=Uuid)).returning(table))
_REVOKE_ALL = Statement(delete(table).where(_owner).returning(table))
_BY_PREFIX = Statement(
    select(table, *(column.label(f"account_{column.name}_") for column in account.c))
    .join(account, account.c.id == table.c.account_id)
    .where(table.c.prefix == bindparam("named", type_=Text))
)
_OF_ACCOUNT = Statement(select(table).where(_owner).order_by(table.c.id.desc()))
_moment = bindparam("moment", type_=Moment)
_TOUCH = Statement(
    update(table)
    .where(table.c.id == bindparam("key_id", type_=Uuid), or_(table.c.used_at.is_(null()), table.c.used_at < _moment))
    .values(used_at=_moment)
)


class PostgresApiKeys(ApiKeys):
    """Keeps API keys in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, key: ApiKey, most: int) -> bool:
        if await self._connection.fetchval(_COUNT.text, key.account_id) >= most:
            return False
        view = key.view
        args = _ADD.args(
            id=view.id,
            account_id=key.account_id,
            prefix=view.prefix,
            digest=key.digest,
            name=view.name,
            scopes=view.scopes,
            created_at=view.created_at,
            expires_at=view.expires_at,
        )
        await self._connection.execute(_ADD.text, *args)
        return True

    async def revoke(self, account_id: UUID, key_id: UUID) -> ApiKeyView | None:
        row = await self._connection.fetchrow(_REVOKE.text, *_REVOKE.args(owner=account_id, key_id=key_id))
        return None if row is None else _view(row)

    async def revoke_all(self, account_id: UUID) -> list[ApiKeyView]:
        found = await self._connection.fetch(_REVOKE_ALL.text, account_id)
        return sorted(map(_view, found), key=lambda view: view.id)


class PostgresApiKeyReader(ApiKeyReader):
    """Reads API keys."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def by_prefix(self, prefix: str) -> tuple[ApiKey, Account] | None:
        row = await self._store.row(_BY_PREFIX, named=prefix)
        if row is None:
            return None
        owner = {name: row[f"account_{name}_"] for name in account.c.keys()}  # noqa: SIM118 - columns, not rows
        return ApiKey(account_id=row["account_id"], digest=row["digest"], view=_view(row)), account_of(owner)

    async def of_account(self, account_id: UUID) -> list[ApiKeyView]:
        return [_view(row) for row in await self._store.rows(_OF_ACCOUNT, owner=account_id)]

    async def touch(self, key_id: UUID, at: datetime) -> None:
        await self._store.rows(_TOUCH, key_id=key_id, moment=at)


def _view(row: asyncpg.Record) -> ApiKeyView:
    return ApiKeyView(
        id=row["id"],
        name=row["name"],
        prefix=row["prefix"],
        scopes=row["scopes"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        used_at=row["used_at"],
    )
