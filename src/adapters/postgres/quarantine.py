"""Quarantine, written and read."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from adapters.postgres import quarantine_sql as sql
from adapters.postgres.store import PostgresStore
from core.inventory.api import Door, Origin, QuarantineState, QuarantineView, Reason
from core.inventory.ports import Quarantine, QuarantinedMessage, QuarantineReader
from core.inventory.positions import ByItem
from core.kernel.paging import Page, decode_cursor, encode_cursor

HIGHEST = UUID(int=2**128 - 1)


class PostgresQuarantine(Quarantine):
    """Keeps items in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, messages: Sequence[QuarantinedMessage]) -> None:
        rows = [_row(message) for message in sorted(messages, key=lambda message: message.identity)]
        await self._connection.executemany(sql.ADD.text, [sql.ADD.args(**row) for row in rows])

    async def lock(self, item_id: UUID) -> tuple[QuarantineState, QuarantinedMessage] | None:
        row = await self._connection.fetchrow(sql.LOCK.text, item_id)
        return None if row is None else (QuarantineState(row["state"]), _message(row))

    async def lock_open(self, reason: Reason, limit: int) -> list[QuarantinedMessage]:
        found = await self._connection.fetch(sql.LOCK_OPEN.text, *sql.LOCK_OPEN.args(reason=reason.value, most=limit))
        return [_message(row) for row in found]

    async def close(
        self, item_ids: Sequence[UUID], state: QuarantineState, actor: str, note: str, at: datetime
    ) -> None:
        args = sql.CLOSE.args(ids=item_ids, new_state=state.value, closed_by=actor, note=note, closed_at=at)
        await self._connection.execute(sql.CLOSE.text, *args)

    async def refuse_again(self, item_id: UUID, reason: Reason, details: dict[str, Any], at: datetime) -> None:
        args = sql.REFUSE_AGAIN.args(item_id=item_id, new_reason=reason.value, details=details)
        await self._connection.execute(sql.REFUSE_AGAIN.text, *args)

    async def close_applied(self, movement_ids: Sequence[UUID], at: datetime) -> None:
        await self._connection.execute(
            sql.CLOSE_APPLIED.text, *sql.CLOSE_APPLIED.args(movements=movement_ids, closed_at=at)
        )


class PostgresQuarantineReader(QuarantineReader):
    """Reads items, newest first."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def item(self, item_id: UUID) -> QuarantineView | None:
        row = await self._store.row(sql.ITEM, item_id=item_id)
        return None if row is None else _view(row)

    async def items(
        self, state: QuarantineState | None, reason: Reason | None, limit: int, cursor: str | None
    ) -> Page[QuarantineView]:
        found = await self._store.rows(
            sql.ITEMS,
            before=HIGHEST if cursor is None else decode_cursor(cursor, ByItem).id,
            state=None if state is None else state.value,
            reason=None if reason is None else reason.value,
            most=limit + 1,
        )
        items = [_view(row) for row in found[:limit]]
        return Page(items, encode_cursor(ByItem(items[-1].id)) if len(found) > limit else None)

    async def gauges(self) -> tuple[int, datetime | None, int]:
        row = await self._store.row(sql.GAUGES)
        assert row is not None
        return row[0], row[1], row[2]


def _row(message: QuarantinedMessage) -> dict[str, Any]:
    origin = message.origin
    return {
        "id": message.id,
        "identity": message.identity,
        "reason": message.reason.value,
        "door": origin.door.value,
        "topic": origin.topic,
        "partition": origin.partition,
        "offset": origin.offset,
        "raw": message.raw,
        "movement_id": message.movement_id,
        "details": message.details,
        "first_seen": message.at,
        "last_seen": message.at,
    }


def _message(row: asyncpg.Record) -> QuarantinedMessage:
    return QuarantinedMessage(
        id=row["id"],
        identity=row["identity"],
        reason=Reason(row["reason"]),
        origin=_origin(row),
        raw=row["raw"],
        movement_id=row["movement_id"],
        details=row["details"],
        at=row["first_seen"],
    )


def _view(row: asyncpg.Record) -> QuarantineView:
    raw: bytes | None = row["raw"]
    return QuarantineView(
        id=row["id"],
        reason=row["reason"],
        state=QuarantineState(row["state"]),
        origin=_origin(row),
        movement_id=row["movement_id"],
        details=row["details"],
        times=row["times"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        closed_by=row["closed_by"],
        note=row["note"],
        raw=None if raw is None else b64encode(raw).decode(),
        text=None if raw is None else _text(raw),
    )


def _origin(row: asyncpg.Record) -> Origin:
    return Origin(Door(row["door"]), row["topic"], row["partition"], row["offset"])


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None
