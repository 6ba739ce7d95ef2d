"""Stock as tables in CSV."""

import csv
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from io import StringIO
from typing import Annotated
from uuid import UUID

import msgspec

from core.inventory.api import Imported, ImportedRow, StockView
from core.inventory.permissions import ADJUST, READ
from core.inventory.usecases.import_adjustments import ImportAdjustments
from core.inventory.usecases.queries.stock import ListStocks
from core.kernel.paging import Page
from entrypoints.http.answer import Streamed
from entrypoints.http.inventory.examples import PRODUCT, SOURCE
from entrypoints.http.operation import MANY_SECONDS, Call, Operation
from entrypoints.http.problems import FieldProblem, field_problems

CSV = "text/csv"
WINDOW = 1000
COLUMNS = ("warehouse_id", "product_id", "quantity")
EXPORT_HEADERS = [
    (b"content-type", b"text/csv; charset=utf-8"),
    (b"content-disposition", b'attachment; filename="stock.csv"'),
    (b"cache-control", b"no-store"),
]

_DECODER = msgspec.json.Decoder(Imported)


class ImportQuery(msgspec.Struct, frozen=True, gc=False):
    """Whether to import, or to see what would come of it."""

    dry_run: Annotated[
        bool, msgspec.Meta(description="Change nothing and answer 200 with what would come of it, errors too.")
    ] = False


class Import(msgspec.Struct, frozen=True):
    """What came of a table, or would come. ``wrong`` counts what is wrong; ``errors`` shows the first 100."""

    applied: bool
    wrong: int
    errors: list[FieldProblem]
    rows: list[ImportedRow]


async def import_adjustments(take: ImportAdjustments, call: Call[ImportQuery, bytes]) -> Import:
    """Adjust the stocks that a table names, or preview it."""
    imported = await take(call.actor, call.body, dry_run=call.query.dry_run, request=call.request)
    return _import(imported, call.language)


def again(kept: bytes, language: str) -> Import:
    """The answer to a table that was imported by an earlier request with the same key.

    :param kept: what was kept then.
    :param language: of the texts.
    """
    return _import(_DECODER.decode(kept), language)


def _import(imported: Imported, language: str) -> Import:
    return Import(imported.applied, imported.wrong, field_problems(imported.errors, language), imported.rows)


class ExportQuery(msgspec.Struct, frozen=True, gc=False):
    """Which stocks; without a warehouse all of them."""

    warehouse_id: UUID | None = None


async def export_stock(stocks: ListStocks, call: Call[ExportQuery, None]) -> Streamed:
    """All stocks as a table, read window after window while it is sent."""

    async def window(cursor: str | None) -> Page[StockView]:
        return await stocks(call.actor, warehouse_id=call.query.warehouse_id, limit=WINDOW, cursor=cursor)

    return Streamed(EXPORT_HEADERS, _parts(await window(None), window))


async def _parts(
    page: Page[StockView], window: Callable[[str | None], Awaitable[Page[StockView]]]
) -> AsyncIterator[bytes]:
    yield _csv([COLUMNS, *map(_cells, page.items)])
    while page.next_cursor is not None:
        page = await window(page.next_cursor)
        yield _csv(map(_cells, page.items))


def _cells(stock: StockView) -> tuple[object, ...]:
    return stock.warehouse_id, stock.product_id, stock.quantity


def _csv(rows: Iterable[tuple[object, ...]]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


TABLE = f"""warehouse_id,product_id,delta,reason,note
{SOURCE},{PRODUCT},100,opening_balance,first count
"""

OPERATIONS = (
    Operation(
        method="GET",
        path="/api/v1/warehouse/export.csv",
        tag="stock",
        summary="Export what lies where as CSV",
        acts_on=ListStocks,
        act=export_stock,
        permission=READ,
        query=ExportQuery,
        answer=str,
        example=f"warehouse_id,product_id,quantity\r\n{SOURCE},{PRODUCT},100\r\n",
        media=CSV,
    ),
    Operation(
        method="POST",
        once=True,
        path="/api/v1/warehouse/import",
        tag="adjustments",
        summary="Change many stocks by a table in CSV, all or none, or preview it",
        acts_on=ImportAdjustments,
        act=import_adjustments,
        permission=ADJUST,
        query=ImportQuery,
        answer=Import,
        example=Import(applied=True, wrong=0, errors=[], rows=[ImportedRow(2, SOURCE, PRODUCT, 100, 100)]),
        body=bytes,
        body_shape=str,
        body_example=TABLE,
        takes=CSV,
        errors=("inventory.wrong_rows", "inventory.stocks_short"),
        localized=True,
        kept=again,
        seconds=MANY_SECONDS,
    ),
)
