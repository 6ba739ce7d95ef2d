"""Alerts, written and read."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import DateTime, Integer, Text, Uuid, bindparam, null, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.statement import Statement
from adapters.postgres.store import PostgresStore
from adapters.postgres.tables import alert as table
from core.inventory.alerts import AlertReader, Alerts
from core.inventory.api import AlertKind, AlertState, AlertView
from core.inventory.domain.alerts import Alert
from core.inventory.positions import ByAlert
from core.kernel.paging import Page, decode_cursor, encode_cursor

HIGHEST = UUID(int=2**128 - 1)
_GIVEN = ("id", "kind", "subject", "warehouse_id", "product_id", "movement_id", "details", "since")
_is_open = table.c.cleared_at.is_(null())
_ADD = Statement(
    insert(table)
    .values({name: bindparam(name, type_=table.c[name].type) for name in _GIVEN})
    .on_conflict_do_nothing(index_elements=["kind", "subject"], index_where=_is_open)
)
_moment = bindparam("moment", type_=DateTime(timezone=True))
_CLEAR = Statement(
    update(table)
    .where(
        _is_open,
        table.c.kind == bindparam("of_kind", type_=Text),
        table.c.subject == bindparam("about", type_=Text),
    )
    .values(cleared_at=_moment)
)
_one = table.c.id == bindparam("alert_id", type_=Uuid)
_ALERT = Statement(select(table).where(_one))
_LOCK = Statement(select(table).where(_one).with_for_update())
_ACKNOWLEDGE = Statement(
    update(table)
    .where(_one)
    .values(acked_at=_moment, acked_by=bindparam("actor", type_=Text), note=bindparam("word", type_=Text))
)


def _list(state: ColumnElement[bool]) -> Statement:
    kind: Any = bindparam("kind", type_=Text)
    return Statement(
        select(table)
        .where(state, table.c.id < bindparam("before", type_=Uuid), or_(kind.is_(null()), table.c.kind == kind))
        .order_by(table.c.id.desc())
        .limit(bindparam("most", type_=Integer))
    )


_LISTS = {
    None: _list(true()),
    AlertState.OPEN: _list(_is_open),
    AlertState.CLEARED: _list(table.c.cleared_at.is_not(null())),
}


class PostgresAlerts(Alerts):
    """Keeps alerts in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, alert: Alert) -> None:
        args = _ADD.args(
            id=alert.id,
            kind=alert.kind.value,
            subject=alert.subject,
            warehouse_id=alert.warehouse_id,
            product_id=alert.product_id,
            movement_id=alert.movement_id,
            details=alert.details,
            since=alert.since,
        )
        await self._connection.execute(_ADD.text, *args)

    async def clear(self, kind: AlertKind, subject: str, at: datetime) -> None:
        await self._connection.execute(_CLEAR.text, *_CLEAR.args(of_kind=kind.value, about=subject, moment=at))

    async def lock(self, alert_id: UUID) -> AlertView | None:
        row = await self._connection.fetchrow(_LOCK.text, alert_id)
        return None if row is None else _view(row)

    async def acknowledge(self, alert_id: UUID, actor: str, note: str, at: datetime) -> None:
        args = _ACKNOWLEDGE.args(alert_id=alert_id, actor=actor, word=note, moment=at)
        await self._connection.execute(_ACKNOWLEDGE.text, *args)


class PostgresAlertReader(AlertReader):
    """Reads alerts, newest first."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def alert(self, alert_id: UUID) -> AlertView | None:
        row = await self._store.row(_ALERT, alert_id=alert_id)
        return None if row is None else _view(row)

    async def alerts(
        self, kind: AlertKind | None, state: AlertState | None, limit: int, cursor: str | None
    ) -> Page[AlertView]:
        before = HIGHEST if cursor is None else decode_cursor(cursor, ByAlert).id
        wanted = None if kind is None else kind.value
        found = await self._store.rows(_LISTS[state], before=before, kind=wanted, most=limit + 1)
        items = [_view(row) for row in found[:limit]]
        return Page(items, encode_cursor(ByAlert(items[-1].id)) if len(found) > limit else None)


def _view(row: asyncpg.Record) -> AlertView:
    return AlertView(
        id=row["id"],
        kind=AlertKind(row["kind"]),
        state=AlertState.OPEN if row["cleared_at"] is None else AlertState.CLEARED,
        warehouse_id=row["warehouse_id"],
        product_id=row["product_id"],
        movement_id=row["movement_id"],
        details=row["details"],
        since=row["since"],
        cleared_at=row["cleared_at"],
        acked_at=row["acked_at"],
        acked_by=row["acked_by"],
        note=row["note"],
    )
