"""The statements of the stock book."""

from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.event_places import events_at
from adapters.postgres.event_rows import CANCELLED
from adapters.postgres.statement import Statement, array, numbers, rows
from adapters.postgres.tables import adjustment, event, open_half, parked, stock

ZERO: ColumnElement[int] = literal_column("0")

# The hot segment may not change while a batch is under way; LOCK waits for a change, and what follows sees it.
HOLD_SEGMENT = "LOCK TABLE ONLY inventory.event IN ROW EXCLUSIVE MODE"


# Both tell where the event of an id may be; only the event itself tells whether it is there.
LOOK_OLD, LOOK_ALL = (
    Statement(select(each(array("ids", Uuid)).table_valued("id", "seq", name="old").render_derived().c.seq))
    for each in (func.inventory.old_places, func.inventory.kept_places)
)

_given = events_at(array("seqs", BigInteger))
EVENTS = Statement(
    select(_given, stock.c.warehouse_id, stock.c.product_id).join_from(_given, stock, stock.c.id == _given.c.stock_id)
)


def _meet(movements: str, condition: ColumnElement[bool]) -> CTE:
    """Take out the halves of some movements.

    The keys are compared with an array: a join with a list may be planned as a look at every half for every item of
    the list, when the table was empty the last time that its statistics were made.
    """
    of_movements = open_half.c.movement_id == func.any(array(movements, Uuid))
    return delete(open_half).where(of_movements, condition).returning(open_half).cte(f"met_{movements}")


_met = union_all(
    select(_meet("arriving", open_half.c.delta < ZERO)),
    select(_meet("departing", open_half.c.delta > ZERO)),
).subquery("met")
# OFFSET keeps the look at a stock apart for each half; as a join the plan may read all stocks through.
_of_met = (
    select(stock.c.warehouse_id, stock.c.product_id).where(stock.c.id == _met.c.stock_id).offset(ZERO).lateral("place")
)
MEET_HALVES = Statement(select(_met, _of_met).join_from(_met, _of_met, true()))
HALVES_APPLIED = Statement(
    update(open_half)
    .where(open_half.c.movement_id == func.any(array("movements", Uuid)))
    .values(applied=literal_column("true"))
)
# A row of a cancelled departure stays, so that its arrival is known as one of a cancelled movement whenever it comes.
HOLD_HALF = Statement(
    select(open_half, stock.c.warehouse_id, stock.c.product_id)
    .join(stock, stock.c.id == open_half.c.stock_id)
    .where(open_half.c.movement_id == bindparam("movement_id", type_=Uuid))
    .with_for_update(of=open_half)
)
CANCEL_HALF = Statement(
    update(open_half)
    .where(open_half.c.movement_id == bindparam("movement", type_=Uuid))
    .values(applied=literal_column("false"), state=literal_column(str(CANCELLED)))
)
UNPARK = Statement(
    update(stock)
    .where(stock.c.id == bindparam("stock_id", type_=Integer))
    .values(parked=stock.c.parked - literal_column("1"))
)

# One pass locks and changes every stock of the batch in the order of its number, so that batches that share stocks
# wait for each other and never in a circle. A stock that could fall below zero, or whose goods somebody waits for, is
# only locked and marked; the exact fold follows in the same transaction.
# Whether it is low is judged in the same pass; ``turned`` says that this change made the difference.


def low_after(quantity: ColumnElement[int], threshold: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a stock is low with a quantity: the rule of ``core.inventory.domain.levels``."""
    tenth = func.greatest(
        literal_column("1"), (threshold + literal_column("9")).self_group().op("/")(literal_column("10"))
    )
    stays = and_(stock.c.is_low, quantity < threshold + tenth)
    return and_(threshold.is_not(null()), or_(quantity <= threshold, stays))


def turns_to(low: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a stock turns, so that a change that turns nothing leaves the mark off."""
    return low != stock.c.is_low


_sums = (
    func.unnest(numbers("ids", Integer), numbers("deltas", BigInteger), numbers("lowest", BigInteger))
    .table_valued("id", "delta", "lowest")
    .render_derived()
)
_fits = and_(stock.c.parked == ZERO, stock.c.quantity + _sums.c.lowest >= ZERO)
_low = case((_fits, low_after(stock.c.quantity + _sums.c.delta, stock.c.threshold)), else_=stock.c.is_low)
_added = (
    update(stock)
    .where(stock.c.id == _sums.c.id)
    .values(
        quantity=case((_fits, stock.c.quantity + _sums.c.delta), else_=stock.c.quantity),
        needs_fold=not_(_fits),
        is_low=_low,
        turned=turns_to(_low),
    )
    .returning(stock.c.id, stock.c.quantity, stock.c.needs_fold, stock.c.turned)
    .cte("added")
)
_all = select(
    func.array_agg(_added.c.id).label("ids"),
    func.array_agg(_added.c.quantity).label("quantities"),
    func.array_agg(_added.c.id).filter(_added.c.needs_fold).label("unsure"),
    func.array_agg(_added.c.id).filter(_added.c.turned).label("turned"),
).subquery("done")


def _places(condition: ColumnElement[bool]) -> Select[Any]:
    """The next places of the ledger, ascending."""
    numbered = func.generate_series(literal_column("1"), bindparam("count", type_=Integer)).table_valued("n")
    place = func.nextval(literal_column("'inventory.event_seq'"))
    return select(func.array_agg(place).label("places")).select_from(numbered).where(condition)


# Places are taken once all stocks are locked, so that they stand in the order in which the stocks were changed.
_taken = _places(_all.c.ids.is_not(null())).lateral("taken")
ADD_SUMS = Statement(select(_all, _taken.c.places).join_from(_all, _taken, true()))
NEXT_SEQS = Statement(_places(true()))
_folded = rows(id=Integer, quantity=BigInteger, parked=Integer)
_low_folded = low_after(_folded.c.quantity, stock.c.threshold)
SET_FOLDED = Statement(
    update(stock)
    .where(stock.c.id == _folded.c.id)
    .values(
        quantity=_folded.c.quantity,
        parked=stock.c.parked + _folded.c.parked,
        needs_fold=literal_column("false"),
        is_low=_low_folded,
        turned=turns_to(_low_folded),
    )
    .returning(stock.c.id, stock.c.turned)
)
TURNED = Statement(
    select(stock.c.warehouse_id, stock.c.product_id, stock.c.quantity, stock.c.threshold, stock.c.is_low)
    .where(stock.c.id == func.any(array("ids", Integer)))
    .order_by(stock.c.warehouse_id, stock.c.product_id)
)

_credited = rows(id=Integer, most=BigInteger)
WAITING = Statement(
    select(parked)
    .join_from(_credited, parked, parked.c.stock_id == _credited.c.id)
    .where(parked.c.amount <= _credited.c.most)
)
RELEASE = Statement(delete(parked).where(parked.c.seq == func.any(array("seqs", BigInteger))))

ADJUSTMENT_COLUMNS = [column.name for column in adjustment.columns]
EVENT_COLUMNS = [column.name for column in event.columns]
OPEN_HALF_COLUMNS = [column.name for column in open_half.columns]
PARKED_COLUMNS = [column.name for column in parked.columns]
