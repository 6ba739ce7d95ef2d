"""Telegram links, written and read."""

from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, Uuid, bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.factors_tables import telegram_link as table
from adapters.postgres.statement import Statement
from adapters.postgres.store import PostgresStore
from core.identity.telegram import TelegramLink, TelegramLinks, TelegramReader, TelegramUser

_mine = table.c.account_id == bindparam("owner", type_=Uuid)
_his = table.c.telegram_id == bindparam("who", type_=BigInteger)
_LOCK = Statement(select(table).where(_his).with_for_update())
_CLEAR = Statement(delete(table).where(or_(_mine, _his)))
_ADD = Statement(insert(table).values({column.name: bindparam(column.name, type_=column.type) for column in table.c}))
_REMOVE = Statement(delete(table).where(_mine).returning(table))
_OF_ACCOUNT = Statement(select(table).where(_mine))
_OF_USER = Statement(select(table).where(_his))


class PostgresTelegramLinks(TelegramLinks):
    """Keeps links in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def lock(self, telegram_id: int) -> TelegramLink | None:
        return _link(await self._connection.fetchrow(_LOCK.text, telegram_id))

    async def put(self, link: TelegramLink) -> None:
        user = link.user
        await self._connection.execute(_CLEAR.text, *_CLEAR.args(owner=link.account_id, who=user.id))
        args = _ADD.args(
            account_id=link.account_id,
            telegram_id=user.id,
            name=user.name,
            username=user.username,
            linked_at=link.linked_at,
        )
        await self._connection.execute(_ADD.text, *args)

    async def remove(self, account_id: UUID) -> TelegramLink | None:
        return _link(await self._connection.fetchrow(_REMOVE.text, account_id))


class PostgresTelegramReader(TelegramReader):
    """Reads links."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def of_account(self, account_id: UUID) -> TelegramLink | None:
        return _link(await self._store.row(_OF_ACCOUNT, owner=account_id))

    async def of_user(self, telegram_id: int) -> TelegramLink | None:
        return _link(await self._store.row(_OF_USER, who=telegram_id))


def _link(row: asyncpg.Record | None) -> TelegramLink | None:
    if row is None:
        return None
    user = TelegramUser(row["telegram_id"], row["name"], row["username"])
    return TelegramLink(row["account_id"], user, row["linked_at"])
