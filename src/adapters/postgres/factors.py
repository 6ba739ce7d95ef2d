"""Second factors, written and read."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from sqlalchemy import LargeBinary, Uuid, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.factors_tables import recovery_code, totp
from adapters.postgres.statement import Statement, array
from adapters.postgres.store import PostgresStore
from core.identity.factors import FactorReader, Factors, SecondFactorView, Totp

_own = totp.c.account_id == bindparam("owner", type_=Uuid)
_LOCK = Statement(select(totp).where(_own).with_for_update())
_put = insert(totp).values({column.name: bindparam(column.name, type_=column.type) for column in totp.c})
_PUT = Statement(
    _put.on_conflict_do_update(
        index_elements=["account_id"],
        set_={column.name: _put.excluded[column.name] for column in totp.c if not column.primary_key},
    )
)
_REMOVE = Statement(delete(totp).where(_own))
_owned = recovery_code.c.account_id == bindparam("owner", type_=Uuid)
_DROP_CODES = Statement(delete(recovery_code).where(_owned))
_ADD_CODES = Statement(
    insert(recovery_code).from_select(
        ["account_id", "digest"],
        select(bindparam("owner", type_=Uuid), func.unnest(array("digests", LargeBinary))),
    )
)
_USE_CODE = Statement(
    delete(recovery_code)
    .where(_owned, recovery_code.c.digest == bindparam("sent", type_=LargeBinary))
    .returning(recovery_code.c.account_id)
)
_READ = Statement(
    select(
        select(totp.c.confirmed_at).where(_own).scalar_subquery().label("since"),
        select(func.count()).where(_owned).scalar_subquery().label("left"),
    )
)


class PostgresFactors(Factors):
    """Keeps second factors in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def lock(self, account_id: UUID) -> Totp | None:
        row = await self._connection.fetchrow(_LOCK.text, account_id)
        return None if row is None else Totp(**row)

    async def put(self, totp: Totp) -> None:
        args = _PUT.args(
            account_id=totp.account_id,
            sealed=totp.sealed,
            created_at=totp.created_at,
            confirmed_at=totp.confirmed_at,
            last_step=totp.last_step,
        )
        await self._connection.execute(_PUT.text, *args)

    async def remove(self, account_id: UUID) -> None:
        await self._connection.execute(_REMOVE.text, account_id)
        await self._connection.execute(_DROP_CODES.text, account_id)

    async def set_recovery(self, account_id: UUID, digests: Sequence[bytes]) -> None:
        await self._connection.execute(_DROP_CODES.text, account_id)
        await self._connection.execute(_ADD_CODES.text, *_ADD_CODES.args(owner=account_id, digests=list(digests)))

    async def use_recovery(self, account_id: UUID, digest: bytes) -> bool:
        args = _USE_CODE.args(owner=account_id, sent=digest)
        return await self._connection.fetchrow(_USE_CODE.text, *args) is not None


class PostgresFactorReader(FactorReader):
    """Reads second factors."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def second_factor(self, account_id: UUID) -> SecondFactorView:
        row = await self._store.row(_READ, owner=account_id)
        assert row is not None
        return SecondFactorView(row["since"] is not None, row["since"], row["left"])
