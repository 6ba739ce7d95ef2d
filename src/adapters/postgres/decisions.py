"""Decisions about movements."""

from uuid import UUID

import asyncpg
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.statement import Statement
from adapters.postgres.tables import decision as table
from core.inventory.api import Decision
from core.inventory.decisions import Decisions

_ADD = Statement(insert(table).on_conflict_do_nothing().returning(table.c.movement_id))


class PostgresDecisions(Decisions):
    """Keeps decisions in the transaction of the caller; of two at once the second waits for the first."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, movement_id: UUID, decision: Decision) -> bool:
        args = _ADD.args(
            movement_id=movement_id,
            outcome=decision.outcome.value,
            note=decision.note,
            actor=decision.actor,
            decided_at=decision.decided_at,
        )
        return await self._connection.fetchrow(_ADD.text, *args) is not None
