"""The rows of one stock in the ledger, newest first.

They are found by the index over stock and place, which each segment has. A range of that index is asked for in its
order, since by an equal stock and the order of places a plan may as well read the whole ledger backwards until enough
rows of the stock have come by.
"""

from sqlalchemy import BigInteger, Uuid, and_, bindparam, select, tuple_

from adapters.postgres.tables import event, stock

STOCK_ID = (
    select(stock.c.id)
    .where(
        stock.c.warehouse_id == bindparam("warehouse_id", type_=Uuid),
        stock.c.product_id == bindparam("product_id", type_=Uuid),
    )
    .scalar_subquery()
)
OLDER = and_(
    event.c.stock_id >= STOCK_ID,
    tuple_(event.c.stock_id, event.c.seq) < tuple_(STOCK_ID, bindparam("before", type_=BigInteger)),
)
NEWEST_FIRST = event.c.stock_id.desc(), event.c.seq.desc()
