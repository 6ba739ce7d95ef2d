"""Events by their places, without a look at segments that hold none of them."""

from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import TableValuedAlias

from adapters.postgres.tables import event


def events_at(places: ColumnElement[Any]) -> TableValuedAlias:
    """The events at some places, as a table with the columns of the ledger.

    :param places: an array, ascending.
    """
    return func.inventory.events_at(places).table_valued(*event.c, name="event")


def in_order(places: Select[Any]) -> ColumnElement[Any]:
    """What a query finds, as an ascending array; may be empty."""
    return func.array(places.order_by(*places.selected_columns).scalar_subquery())
