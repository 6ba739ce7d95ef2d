"""Accounts in PostgreSQL, written and read."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import Text, Uuid, any_, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.gathered import Gathered
from adapters.postgres.identity_tables import account as table
from adapters.postgres.statement import Statement, array
from adapters.postgres.store import PostgresStore
from core.identity.api import AccountStatus
from core.identity.domain.account import Account, Handle, HandleKind
from core.identity.ports import AccountReader, Accounts

_COLUMNS = {
    HandleKind.EMAIL: table.c.email_key,
    HandleKind.USERNAME: table.c.username_key,
    HandleKind.PHONE: table.c.phone,
}
_given = {column.name: bindparam(column.name, type_=column.type) for column in table.c}
_ADD = Statement(insert(table).values(_given).on_conflict_do_nothing().returning(table.c.id))
_one = table.c.id == bindparam("account_id", type_=Uuid)
_ONE = Statement(select(table).where(_one))
_SOME = Statement(select(table).where(table.c.id == any_(array("accounts", Uuid))))
_LOCK = Statement(select(table).where(_one).with_for_update())
_FIND = {
    kind: Statement(select(table).where(column == bindparam("key", type_=Text))) for kind, column in _COLUMNS.items()
}
_FIND_AND_LOCK = {
    kind: Statement(select(table).where(column == bindparam("key", type_=Text)).with_for_update())
    for kind, column in _COLUMNS.items()
}
_SAVE = Statement(update(table).where(_one).values({name: given for name, given in _given.items() if name != "id"}))


class PostgresAccounts(Accounts):
    """Keeps accounts in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, account: Account) -> bool:
        args = _ADD.args(**msgspec.structs.asdict(account))
        return await self._connection.fetchrow(_ADD.text, *args) is not None

    async def lock(self, account_id: UUID) -> Account | None:
        row = await self._connection.fetchrow(_LOCK.text, account_id)
        return None if row is None else account_of(row)

    async def get(self, account_id: UUID) -> Account | None:
        row = await self._connection.fetchrow(_ONE.text, account_id)
        return None if row is None else account_of(row)

    async def find(self, handle: Handle) -> Account | None:
        row = await self._connection.fetchrow(_FIND_AND_LOCK[handle.kind].text, handle.key)
        return None if row is None else account_of(row)

    async def save(self, account: Account) -> None:
        args = _SAVE.args(account_id=account.id, **msgspec.structs.asdict(account))
        await self._connection.execute(_SAVE.text, *args)


class PostgresAccountReader(AccountReader):
    """Reads accounts."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._gathered: Gathered[UUID, Account] = Gathered(self._accounts)

    async def account(self, account_id: UUID) -> Account | None:
        return await self._gathered.get(account_id)

    async def find(self, handle: Handle) -> Account | None:
        row = await self._store.row(_FIND[handle.kind], key=handle.key)
        return None if row is None else account_of(row)

    async def _accounts(self, account_ids: Sequence[UUID]) -> dict[UUID, Account]:
        return {row["id"]: account_of(row) for row in await self._store.rows(_SOME, accounts=account_ids)}


def account_of(row: asyncpg.Record) -> Account:
    """The account in a row of its table."""
    return Account(**{**row, "status": AccountStatus(row["status"])})
