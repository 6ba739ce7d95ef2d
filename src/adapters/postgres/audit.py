"""The audit trail."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from sqlalchemy import Integer, Text, Uuid, bindparam, insert, null, or_, select

from adapters.postgres.statement import Statement
from adapters.postgres.store import PostgresStore
from adapters.postgres.tables import audit
from core.kernel.actor import Origin
from core.kernel.audit import AuditEntry, AuditLog, AuditReader

_ADD = Statement(insert(audit))
_about = audit.c.object_id == bindparam("object_id", type_=Text)
_before = bindparam("before", type_=Uuid)
_OF = Statement(select(audit).where(_about).order_by(audit.c.id))
_NEWEST = Statement(
    select(audit)
    .where(_about, or_(_before.is_(null()), audit.c.id < _before))
    .order_by(audit.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)


class PostgresAuditLog(AuditLog):
    """Appends to the trail in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def record(self, entries: Sequence[AuditEntry]) -> None:
        await self._connection.executemany(
            _ADD.text,
            [
                _ADD.args(
                    id=entry.id,
                    at=entry.at,
                    actor=entry.actor,
                    action=entry.action,
                    object_id=entry.object_id,
                    details=entry.details,
                    impersonator=entry.impersonator,
                    address=entry.origin.address,
                    agent=entry.origin.agent,
                    request=entry.origin.request,
                )
                for entry in entries
            ],
        )


class PostgresAuditReader(AuditReader):
    """Reads the trail."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def entries(self, object_id: str) -> list[AuditEntry]:
        return [_entry(row) for row in await self._store.rows(_OF, object_id=object_id)]

    async def newest(self, object_id: str, limit: int, before: UUID | None) -> list[AuditEntry]:
        found = await self._store.rows(_NEWEST, object_id=object_id, before=before, most=limit)
        return [_entry(row) for row in found]


def _entry(row: asyncpg.Record) -> AuditEntry:
    return AuditEntry(
        id=row["id"],
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        object_id=row["object_id"],
        details=row["details"],
        impersonator=row["impersonator"],
        origin=Origin(row["address"], row["agent"], row["request"]),
    )
