"""Set many stocks right by a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NoReturn

from core.inventory.api import Imported, ImportedRow
from core.inventory.cache_keys import stock_key
from core.inventory.domain.errors import NotCovered, StocksShort, WrongRows
from core.inventory.domain.movement import MovementEvent
from core.inventory.domain.sheet import Row, error, read_sheet
from core.inventory.permissions import ADJUST
from core.inventory.ports import Adjustment, AllAdjusted, InventoryWork
from core.inventory.usecases.adjust_stock import tell
from core.inventory.usecases.forget_entries import forget, keys_of
from core.kernel.actor import Actor
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork, again_if_contended


class _Seen(Exception):
    """Ends a unit of work that nothing shall be left of; ``balances`` are what it would have left."""

    def __init__(self, balances: Sequence[int]) -> None:
        super().__init__("seen")
        self.balances = balances


@dataclass(frozen=True, slots=True)
class ImportAdjustments:
    """Adjust the stocks that a table names, all or none; or see what would come of it."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids
    cache: Cache

    async def __call__(
        self, actor: Actor, raw: bytes, *, dry_run: bool = False, request: RequestKey | None = None
    ) -> Imported:
        """Adjust stocks in one transaction; credits serve parked departures at once.

        :param raw: the table, as :mod:`core.inventory.domain.sheet` reads it.
        :param dry_run: change nothing, and answer what is wrong instead of raising it.
        :param request: makes the call happen once; a dry run is judged anew every time.
        :raises Forbidden: the actor may not adjust.
        :raises WrongRows: rows cannot be read or break a rule.
        :raises StocksShort: stocks would fall below zero.
        """
        actor.require(ADJUST)
        try:
            rows = read_sheet(raw)
        except WrongRows as refusal:
            if not dry_run:
                raise
            return Imported(applied=False, wrong=refusal.count, errors=refusal.errors, rows=[])
        adjustments = [self._adjustment(actor, row) for row in rows.values()]
        if dry_run:
            return await again_if_contended(lambda: self._preview(rows, adjustments))
        released: list[MovementEvent] = []
        try:
            return await again_if_contended(lambda: self._import(actor, rows, adjustments, request, released))
        finally:
            changed = (stock_key(each.warehouse_id, each.product_id) for each in adjustments)
            await forget(self.cache, self.work, chain(changed, keys_of(released)))

    async def _import(
        self,
        actor: Actor,
        rows: Mapping[int, Row],
        adjustments: Sequence[Adjustment],
        request: RequestKey | None,
        released: list[MovementEvent],
    ) -> Imported:
        async with self.work(request=request) as work:
            try:
                adjusted = await work.book.adjust_all(adjustments)
            except NotCovered as refusal:
                raise StocksShort(_missing(rows, refusal)) from None
            released += adjusted.released
            await tell(work, actor, self.ids, self.clock, adjustments, adjusted)
            imported = Imported(applied=True, wrong=0, errors=[], rows=_shown(rows, adjusted.balances))
            await work.answer(imported)
        return imported

    async def _preview(self, rows: Mapping[int, Row], adjustments: Sequence[Adjustment]) -> Imported:
        """Adjust, look, and take everything back, so that the very judge of the import judges the preview."""
        try:
            async with self.work() as work:
                _take_back(await work.book.adjust_all(adjustments))
        except _Seen as seen:
            return Imported(applied=False, wrong=0, errors=[], rows=_shown(rows, seen.balances))
        except NotCovered as refusal:
            short = StocksShort(_missing(rows, refusal))
            shown = _shown(rows, refusal.balances)
            return Imported(applied=False, wrong=short.count, errors=short.errors, rows=shown)

    def _adjustment(self, actor: Actor, row: Row) -> Adjustment:
        return Adjustment(
            id=self.ids.new(),
            warehouse_id=row.warehouse_id,
            product_id=row.product_id,
            delta=row.delta,
            reason=row.reason,
            note=row.note,
            actor=actor.name,
            at=self.clock.now(),
        )


def _take_back(adjusted: AllAdjusted) -> NoReturn:
    raise _Seen(adjusted.balances)


def _shown(rows: Mapping[int, Row], balances: Sequence[int | None]) -> list[ImportedRow]:
    return [
        ImportedRow(line, row.warehouse_id, row.product_id, row.delta, balance)
        for (line, row), balance in zip(rows.items(), balances, strict=True)
    ]


def _missing(rows: Mapping[int, Row], refusal: NotCovered) -> list[dict[str, object]]:
    return [
        error(line, "delta", "insufficient_stock", deficiency=missing)
        for line, missing in zip(rows, refusal.missing, strict=True)
        if missing
    ]
