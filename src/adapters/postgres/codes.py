"""One-time codes in PostgreSQL."""

from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import LargeBinary, Text, Uuid, and_, bindparam, delete, insert, null, select, update

from adapters.postgres.identity_tables import code as table
from adapters.postgres.statement import Statement
from core.identity.codes import Codes
from core.identity.domain.code import Code, CodePurpose

_given = {column.name: bindparam(column.name, type_=column.type) for column in table.c}
_purpose = table.c.purpose == bindparam("what_for", type_=Text)
_of_account = and_(table.c.account_id == bindparam("owner", type_=Uuid), _purpose)
_of_target = and_(table.c.account_id.is_(null()), table.c.target == bindparam("whither", type_=Text), _purpose)
_of_link = and_(table.c.link_hash == bindparam("link", type_=LargeBinary), _purpose)
_ADD = Statement(insert(table).values(_given))
_OF_ACCOUNT = Statement(select(table).where(_of_account).with_for_update())
_OF_TARGET = Statement(select(table).where(_of_target).with_for_update())
_OF_LINK = Statement(select(table).where(_of_link).with_for_update())
_VOID = Statement(delete(table).where(_of_account))
_VOID_TARGET = Statement(delete(table).where(_of_target))
_SAVE = Statement(
    update(table)
    .where(table.c.id == bindparam("code_id", type_=Uuid))
    .values({name: given for name, given in _given.items() if name != "id"})
)


class PostgresCodes(Codes):
    """Keeps codes in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def put(self, code: Code) -> None:
        if code.account_id is None:
            args = _VOID_TARGET.args(whither=code.target, what_for=code.purpose.value)
            await self._connection.execute(_VOID_TARGET.text, *args)
        else:
            await self.void(code.purpose, code.account_id)
        await self._connection.execute(_ADD.text, *_ADD.args(**msgspec.structs.asdict(code)))

    async def of_account(self, purpose: CodePurpose, account_id: UUID) -> Code | None:
        return await self._one(_OF_ACCOUNT, what_for=purpose.value, owner=account_id)

    async def of_target(self, purpose: CodePurpose, target: str) -> Code | None:
        return await self._one(_OF_TARGET, what_for=purpose.value, whither=target)

    async def of_link(self, purpose: CodePurpose, link_hash: bytes) -> Code | None:
        return await self._one(_OF_LINK, what_for=purpose.value, link=link_hash)

    async def save(self, code: Code) -> None:
        await self._connection.execute(_SAVE.text, *_SAVE.args(code_id=code.id, **msgspec.structs.asdict(code)))

    async def void(self, purpose: CodePurpose, account_id: UUID) -> None:
        await self._connection.execute(_VOID.text, *_VOID.args(what_for=purpose.value, owner=account_id))

    async def _one(self, statement: Statement, **values: object) -> Code | None:
        row = await self._connection.fetchrow(statement.text, *statement.args(**values))
        return None if row is None else Code(**{**row, "purpose": CodePurpose(row["purpose"])})
