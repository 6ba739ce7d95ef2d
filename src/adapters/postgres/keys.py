"""API keys, written and read."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import DateTime, Text, Uuid, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.factors_tables import api_key as table
from adapters.postgres.statement import Statement, rows
from adapters.postgres.store import PostgresStore
from core.identity.keys import ApiKey, ApiKeyReader, ApiKeys, ApiKeyUses, ApiKeyView

_GIVEN = ("id", "account_id", "prefix", "digest", "name", "scopes", "created_at", "expires_at")
_ADD = Statement(insert(table).values({name: bindparam(name, type_=table.c[name].type) for name in _GIVEN}))
_owner = table.c.account_id == bindparam("owner", type_=Uuid)
_COUNT = Statement(select(func.count()).where(_owner))
_REVOKE = Statement(delete(table).where(_owner, table.c.id == bindparam("key_id", type_=Uuid)).returning(table))
_REVOKE_ALL = Statement(delete(table).where(_owner).returning(table))
_BY_PREFIX = Statement(select(table).where(table.c.prefix == bindparam("named", type_=Text)))
_OF_ACCOUNT = Statement(select(table).where(_owner).order_by(table.c.id.desc()))
_used = rows(id=Uuid, at=DateTime(timezone=True))
_NOTE = Statement(
    update(table)
    .where(table.c.id == _used.c.id, or_(table.c.used_at.is_(None), table.c.used_at < _used.c.at))
    .values(used_at=_used.c.at)
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

    async def by_prefix(self, prefix: str) -> ApiKey | None:
        row = await self._store.row(_BY_PREFIX, named=prefix)
        return None if row is None else ApiKey(account_id=row["account_id"], digest=row["digest"], view=_view(row))

    async def of_account(self, account_id: UUID) -> list[ApiKeyView]:
        return [_view(row) for row in await self._store.rows(_OF_ACCOUNT, owner=account_id)]


class PostgresApiKeyUses(ApiKeyUses):
    """Notes uses by one statement."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def note(self, uses: Mapping[UUID, datetime]) -> None:
        in_order = sorted(uses.items())
        await self._store.rows(_NOTE, id=[key_id for key_id, _ in in_order], at=[at for _, at in in_order])


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
