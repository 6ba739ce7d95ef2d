"""The statements of the movement reader."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Integer,
    Select,
    Subquery,
    Uuid,
    and_,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.event_places import events_at, in_order
from adapters.postgres.statement import Statement, array
from adapters.postgres.stock_rows import NEWEST_FIRST, OLDER
from adapters.postgres.tables import decision, event, open_half, parked, stock

WINDOW = 20_000
"""Rows that a page of a filtered list examines at the most."""

_is_half = event.c.kind <= literal_column("2")
_ids = array("ids", Uuid)
_place = func.inventory.kept_places(_ids).table_valued("id", "seq", name="place").render_derived()
_kept = events_at(in_order(select(_place.c.seq)))
# OFFSET keeps the look-up of a decision apart for each half; as a join the plan may read all decisions through.
_decided = (
    select(decision.c.outcome, decision.c.note, decision.c.actor, decision.c.decided_at)
    .where(decision.c.movement_id == _kept.c.movement_id)
    .offset(literal_column("0"))
    .lateral("decided")
)
HALVES = Statement(
    select(
        _kept.c.movement_id,
        _kept.c.kind,
        _kept.c.delta,
        _kept.c.occurred_at,
        stock.c.warehouse_id,
        stock.c.product_id,
        select(literal_column("1"))
        .where(parked.c.seq == _kept.c.seq, _kept.c.balance.is_(null()))
        .exists()
        .label("parked"),
        _decided.c.outcome,
        _decided.c.note,
        _decided.c.actor,
        _decided.c.decided_at,
    )
    .join_from(_kept, stock, stock.c.id == _kept.c.stock_id)
    .outerjoin(_decided, true())
    .where(_kept.c.movement_id == func.any(_ids), _kept.c.kind <= literal_column("2"))
)


def _is(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """A filter that holds for everything when it is not given."""
    given: Any = bindparam(name, type_=Uuid)
    return or_(given.is_(null()), column == given)


_before: Any = event.c.seq < bindparam("before", type_=BigInteger)
_newest_first = event.c.seq.desc()


def _in_window() -> Subquery:
    return select(event).where(_before).order_by(_newest_first).limit(literal_column(str(WINDOW))).subquery("recent")


def _candidates(*conditions: ColumnElement[bool]) -> Select[Any]:
    recent = _in_window()
    return (
        select(recent.c.seq, recent.c.movement_id)
        .join_from(recent, stock, stock.c.id == recent.c.stock_id)
        .where(recent.c.kind <= literal_column("2"), *conditions)
        .order_by(recent.c.seq.desc())
        .limit(bindparam("most", type_=Integer))
    )


ALL = Statement(
    select(event.c.seq, event.c.movement_id)
    .where(_before, _is_half, event.c.first_seq.is_(null()))
    .order_by(_newest_first)
    .limit(bindparam("most", type_=Integer))
)
OF_STOCK = Statement(
    select(event.c.seq, event.c.movement_id)
    .where(OLDER, _is_half)
    .order_by(*NEWEST_FIRST)
    .limit(bindparam("most", type_=Integer))
)
OF_WAREHOUSE = Statement(_candidates(stock.c.warehouse_id == bindparam("warehouse_id", type_=Uuid)))
OF_PRODUCT = Statement(
    _candidates(
        stock.c.product_id == bindparam("product_id", type_=Uuid),
        literal_column("recent.first_seq").is_(null()),
    )
)
WINDOW_END = Statement(
    select(event.c.seq)
    .where(_before)
    .order_by(_newest_first)
    .offset(literal_column(str(WINDOW - 1)))
    .limit(literal_column("1"))
)

_under_way = and_(open_half.c.delta < literal_column("0"), open_half.c.applied)
_after = tuple_(open_half.c.occurred_at, open_half.c.movement_id) > tuple_(
    bindparam("departed_at", type_=DateTime(timezone=True)), bindparam("movement_id", type_=Uuid)
)
_window = (
    select(open_half)
    .where(_under_way, _after)
    .order_by(open_half.c.occurred_at, open_half.c.movement_id)
    .limit(bindparam("window", type_=Integer))
    .subquery("under_way")
)
IN_TRANSIT = Statement(
    select(
        _window.c.movement_id,
        stock.c.product_id,
        stock.c.warehouse_id,
        -_window.c.delta,
        _window.c.occurred_at,
    )
    .join_from(_window, stock, stock.c.id == _window.c.stock_id)
    .where(_is(stock.c.warehouse_id, "warehouse_id"), _is(stock.c.product_id, "product_id"))
    .order_by(_window.c.occurred_at, _window.c.movement_id)
    .limit(bindparam("most", type_=Integer))
)
IN_TRANSIT_END = Statement(
    select(open_half.c.occurred_at, open_half.c.movement_id)
    .where(_under_way, _after)
    .order_by(open_half.c.occurred_at, open_half.c.movement_id)
    .offset(literal_column(str(WINDOW - 1)))
    .limit(literal_column("1"))
)

_sums = (
    select(
        open_half.c.stock_id,
        func.count().label("movements"),
        func.sum(-open_half.c.delta).cast(BigInteger).label("quantity"),
    )
    .where(_under_way)
    .group_by(open_half.c.stock_id)
    .subquery("sums")
)
IN_TRANSIT_TOTALS = Statement(
    select(stock.c.warehouse_id, stock.c.product_id, _sums.c.movements, _sums.c.quantity)
    .join_from(_sums, stock, stock.c.id == _sums.c.stock_id)
    .where(
        _is(stock.c.warehouse_id, "warehouse_id"),
        _is(stock.c.product_id, "product_id"),
        tuple_(stock.c.warehouse_id, stock.c.product_id)
        > tuple_(bindparam("after_warehouse", type_=Uuid), bindparam("after_product", type_=Uuid)),
    )
    .order_by(stock.c.warehouse_id, stock.c.product_id)
    .limit(bindparam("most", type_=Integer))
)
