"""Stock as tables in CSV."""

from typing import Annotated

import msgspec

from core.inventory.api import Imported, ImportedRow
from core.inventory.permissions import ADJUST
from core.inventory.usecases.import_adjustments import ImportAdjustments
from entrypoints.http.inventory.examples import PRODUCT, SOURCE
from entrypoints.http.operation import Call, Operation
from entrypoints.http.problems import FieldProblem, field_problems

CSV = "text/csv"

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


TABLE = f"""warehouse_id,product_id,delta,reason,note
{SOURCE},{PRODUCT},100,opening_balance,first count
"""

OPERATIONS = (
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
    ),
)
