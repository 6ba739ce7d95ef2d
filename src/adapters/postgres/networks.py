"""Rules about networks in PostgreSQL."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import Uuid, any_, bindparam, delete, insert, select

from adapters.postgres.gathered import Gathered
from adapters.postgres.profile_tables import ip_rule as table
from adapters.postgres.statement import Statement, array
from adapters.postgres.store import PostgresStore
from core.identity.domain.networks import IpRule
from core.identity.networks import IpRuleReader, IpRules

_OF = Statement(select(table).where(table.c.account_id == bindparam("owner", type_=Uuid)).order_by(table.c.id))
_OF_SOME = Statement(select(table).where(table.c.account_id == any_(array("owners", Uuid))).order_by(table.c.id))
_ADD = Statement(insert(table))
_REMOVE = Statement(delete(table).where(table.c.id == bindparam("rule_id", type_=Uuid)))


class PostgresIpRules(IpRules):
    """Keeps rules in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def of(self, account_id: UUID) -> list[IpRule]:
        return [IpRule(**row) for row in await self._connection.fetch(_OF.text, account_id)]

    async def add(self, rule: IpRule) -> None:
        await self._connection.execute(_ADD.text, *_ADD.args(**msgspec.structs.asdict(rule)))

    async def remove(self, rule_id: UUID) -> None:
        await self._connection.execute(_REMOVE.text, rule_id)


class PostgresIpRuleReader(IpRuleReader):
    """Reads rules."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._gathered: Gathered[UUID, list[IpRule]] = Gathered(self._rules)

    async def rules(self, account_id: UUID) -> list[IpRule]:
        return await self._gathered.get(account_id) or []

    async def _rules(self, account_ids: Sequence[UUID]) -> dict[UUID, list[IpRule]]:
        found: dict[UUID, list[IpRule]] = defaultdict(list)
        for row in await self._store.rows(_OF_SOME, owners=account_ids):
            found[row["account_id"]].append(IpRule(**row))
        return found
