"""The statements of quarantine."""

from typing import Any

from sqlalchemy import DateTime, Integer, Text, Uuid, bindparam, func, literal_column, null, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.statement import Statement, array
from adapters.postgres.tables import parked, quarantine

OPEN: ColumnElement[str] = literal_column("'open'")
_is_open = quarantine.c.state == OPEN
_new = insert(quarantine).values(
    {
        column.name: bindparam(column.name, type_=column.type)
        for column in quarantine.columns
        if column.name not in {"state", "times", "closed_by", "closed_at", "note"}
    }
)
ADD = Statement(
    _new.on_conflict_do_update(
        index_elements=["identity"],
        set_={"times": quarantine.c.times + literal_column("1"), "last_seen": _new.excluded.last_seen},
    )
)
_item_id = bindparam("item_id", type_=Uuid)
LOCK = Statement(select(quarantine).where(quarantine.c.id == _item_id).with_for_update())
LOCK_OPEN = Statement(
    select(quarantine)
    .where(_is_open, quarantine.c.reason == bindparam("reason", type_=Text))
    .order_by(quarantine.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_closed_at = bindparam("closed_at", type_=DateTime(timezone=True))
CLOSE = Statement(
    update(quarantine)
    .where(_is_open, quarantine.c.id == func.any(array("ids", Uuid)))
    .values(
        state=bindparam("new_state", type_=Text),
        closed_by=bindparam("closed_by", type_=Text),
        note=bindparam("note", type_=Text),
        closed_at=_closed_at,
    )
)
REFUSE_AGAIN = Statement(
    update(quarantine)
    .where(_is_open, quarantine.c.id == _item_id)
    .values(reason=bindparam("new_reason", type_=Text), details=bindparam("details", type_=JSONB))
)
CLOSE_APPLIED = Statement(
    update(quarantine)
    .where(
        _is_open,
        quarantine.c.movement_id == func.any(array("movements", Uuid)),
        quarantine.c.reason == literal_column("'insufficient_stock'"),
    )
    .values(state=literal_column("'applied'"), closed_at=_closed_at)
)
ITEM = Statement(select(quarantine).where(quarantine.c.id == _item_id))
_state: Any = bindparam("state", type_=Text)
_reason: Any = bindparam("reason", type_=Text)
ITEMS = Statement(
    select(quarantine)
    .where(
        quarantine.c.id < bindparam("before", type_=Uuid),
        or_(_state.is_(null()), quarantine.c.state == _state),
        or_(_reason.is_(null()), quarantine.c.reason == _reason),
    )
    .order_by(quarantine.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
GAUGES = Statement(
    select(
        select(func.count()).select_from(quarantine).where(_is_open).scalar_subquery(),
        select(func.min(quarantine.c.first_seen)).where(_is_open).scalar_subquery(),
        select(func.count()).select_from(parked).scalar_subquery(),
    )
)
