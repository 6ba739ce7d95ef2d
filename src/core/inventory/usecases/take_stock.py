"""Count what lies in a warehouse, and set stock right by what was found.

The difference of a line is taken when it is counted: goods that come and go until the stocktake is closed move the
counted pieces and the stock alike, and do not make it wrong.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from core.inventory.api import AdjustmentReason, Count, Counted, StocktakeLine, StocktakeState, StocktakeView
from core.inventory.cache_keys import stock_key
from core.inventory.domain.errors import (
    NotCovered,
    StocksShort,
    StocktakeAlreadyOpen,
    StocktakeEnded,
    StocktakeFull,
    StocktakeNotFound,
)
from core.inventory.events import StocktakeClosed
from core.inventory.permissions import ADJUST
from core.inventory.ports import Adjustment, InventoryWork
from core.inventory.usecases.adjust_stock import tell
from core.inventory.usecases.forget_entries import forget, keys_of
from core.kernel import etags
from core.kernel.actor import Actor
from core.kernel.audit import act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.fields import SHOWN
from core.kernel.ids import Ids
from core.kernel.requests import RequestKey
from core.kernel.wire import WrongFields
from core.kernel.work import OpenWork, again_if_contended

MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class OpenStocktake:
    """Begin to count a warehouse."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: Actor, warehouse_id: UUID, *, note: str = "", request: RequestKey | None = None
    ) -> StocktakeView:
        """Open a stocktake without lines.

        :param note: a word for those who come later.
        :param request: makes the call happen once.
        :raises Forbidden: the actor may not adjust.
        :raises StocktakeAlreadyOpen: one of the warehouse is open.
        """
        actor.require(ADJUST)
        stocktake_id, now = self.ids.new(), self.clock.now()

        async def attempt() -> StocktakeView:
            async with self.work(request=request) as work:
                if not await work.stocktakes.add(stocktake_id, warehouse_id, note, actor.name, now):
                    raise StocktakeAlreadyOpen(warehouse_id=str(warehouse_id))
                view = await work.stocktakes.lock(stocktake_id)
                assert view is not None
                details = {"warehouse_id": str(warehouse_id), "note": note}
                await work.audit.record(
                    [act_of(actor, "inventory.stocktake.open", stocktake_id, self.ids, self.clock, **details)]
                )
                await work.answer(view)
            return view

        return await again_if_contended(attempt)


@dataclass(frozen=True, slots=True)
class CountStock:
    """Note what was counted."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids

    async def __call__(
        self,
        actor: Actor,
        stocktake_id: UUID,
        counts: Sequence[Count],
        *,
        if_match: str | None = None,
        request: RequestKey | None = None,
    ) -> Counted:
        """Note counts beside what the stock holds at this moment; what is counted again replaces the count before.

        :param counts: of different products.
        :param if_match: entity tag of the stocktake that the caller has seen.
        :param request: makes the call happen once; the same count, sent again later, would meet another stock.
        :raises Forbidden: the actor may not adjust.
        :raises WrongFields: products are counted twice.
        :raises StocktakeNotFound: there is none.
        :raises StocktakeEnded: it is open no more.
        :raises StocktakeFull: it would have more lines than can be applied at once.
        :raises Stale: it is in another state by now.
        """
        actor.require(ADJUST)
        counted, now = _by_product(counts), self.clock.now()

        async def attempt() -> Counted:
            async with self.work(request=request) as work:
                await _open(work, stocktake_id, if_match)
                lines = await work.stocktakes.count(stocktake_id, counted, actor.name, now)
                view = await _held(work, stocktake_id)
                if view.lines > MOST_LINES:
                    raise StocktakeFull(max=MOST_LINES)
                details = {"lines": {str(line.product_id): [line.counted, line.on_hand] for line in lines}}
                await work.audit.record(
                    [act_of(actor, "inventory.stocktake.count", stocktake_id, self.ids, self.clock, **details)]
                )
                answer = Counted(view, lines)
                await work.answer(answer)
            return answer

        return await again_if_contended(attempt)


@dataclass(frozen=True, slots=True)
class CloseStocktake:
    """Set stock right by all differences that were found."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids
    cache: Cache

    async def __call__(
        self, actor: Actor, stocktake_id: UUID, *, if_match: str | None = None, request: RequestKey | None = None
    ) -> StocktakeView:
        """Adjust every stock whose count differed, all or none; credits serve parked departures at once.

        :param if_match: entity tag of the stocktake that the caller has seen.
        :param request: makes the call happen once.
        :raises Forbidden: the actor may not adjust.
        :raises StocktakeNotFound: there is none.
        :raises StocktakeEnded: it is open no more.
        :raises StocksShort: so much has left since the count that stocks would fall below zero.
        :raises Stale: it is in another state by now.
        """
        actor.require(ADJUST)
        now = self.clock.now()
        changed: list[str] = []

        async def attempt() -> StocktakeView:
            async with self.work(request=request) as work:
                before = await _open(work, stocktake_id, if_match)
                lines = [line for line in await work.stocktakes.lines(stocktake_id) if line.difference]
                adjustments = [self._adjustment(before, line, actor, now) for line in lines]
                changed.extend(await self._apply(work, actor, adjustments))
                view = await _end(work, before, StocktakeState.CLOSED, actor, now)
                details = {"lines": view.lines, "adjusted": len(lines)}
                await work.audit.record(
                    [act_of(actor, "inventory.stocktake.close", stocktake_id, self.ids, self.clock, **details)]
                )
                work.publish(_closed(view, len(lines)))
                await work.answer(view)
            return view

        try:
            return await again_if_contended(attempt)
        finally:
            await forget(self.cache, self.work, changed)

    async def _apply(self, work: InventoryWork, actor: Actor, adjustments: Sequence[Adjustment]) -> list[str]:
        """Adjust, and name the entries that are old now."""
        if not adjustments:
            return []
        try:
            adjusted = await work.book.adjust_all(adjustments)
        except NotCovered as refusal:
            raise StocksShort(_missing(adjustments, refusal)) from None
        await tell(work, actor, self.ids, self.clock, adjustments, adjusted)
        stocks = (stock_key(each.warehouse_id, each.product_id) for each in adjustments)
        return list(chain(stocks, keys_of(adjusted.released)))

    def _adjustment(self, stocktake: StocktakeView, line: StocktakeLine, actor: Actor, at: datetime) -> Adjustment:
        return Adjustment(
            id=self.ids.new(),
            warehouse_id=stocktake.warehouse_id,
            product_id=line.product_id,
            delta=line.difference,
            reason=AdjustmentReason.STOCKTAKE,
            note=f"stocktake {stocktake.id}",
            actor=actor.name,
            at=at,
        )


@dataclass(frozen=True, slots=True)
class CancelStocktake:
    """Give a stocktake up; no stock changes."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: Actor, stocktake_id: UUID, *, if_match: str | None = None, request: RequestKey | None = None
    ) -> StocktakeView:
        """Cancel an open stocktake; its lines stay to be read.

        :param if_match: entity tag of the stocktake that the caller has seen.
        :param request: makes the call happen once.
        :raises Forbidden: the actor may not adjust.
        :raises StocktakeNotFound: there is none.
        :raises StocktakeEnded: it is open no more.
        :raises Stale: it is in another state by now.
        """
        actor.require(ADJUST)
        now = self.clock.now()

        async def attempt() -> StocktakeView:
            async with self.work(request=request) as work:
                before = await _open(work, stocktake_id, if_match)
                view = await _end(work, before, StocktakeState.CANCELLED, actor, now)
                details = {"lines": view.lines}
                await work.audit.record(
                    [act_of(actor, "inventory.stocktake.cancel", stocktake_id, self.ids, self.clock, **details)]
                )
                await work.answer(view)
            return view

        return await again_if_contended(attempt)


def _by_product(counts: Sequence[Count]) -> dict[UUID, int]:
    counted = {each.product_id: each.counted for each in counts}
    if len(counted) < len(counts):
        seen = Counter(each.product_id for each in counts)
        twice = [f"/lines/{n}/product_id" for n, each in enumerate(counts) if seen[each.product_id] > 1]
        raise WrongFields([{"field": field, "code": "doubled", "params": {}} for field in twice[:SHOWN]])
    return counted


async def _held(work: InventoryWork, stocktake_id: UUID) -> StocktakeView:
    found = await work.stocktakes.lock(stocktake_id)
    if found is None:
        raise StocktakeNotFound(id=str(stocktake_id))
    return found


async def _open(work: InventoryWork, stocktake_id: UUID, if_match: str | None) -> StocktakeView:
    """The stocktake, held, if it is open and as the caller has seen it."""
    found = await _held(work, stocktake_id)
    etags.match(if_match, found)
    if found.state is not StocktakeState.OPEN:
        raise StocktakeEnded(id=str(stocktake_id), state=found.state)
    return found


async def _end(
    work: InventoryWork, stocktake: StocktakeView, state: StocktakeState, actor: Actor, at: datetime
) -> StocktakeView:
    await work.stocktakes.end(stocktake.id, state, actor.name, at)
    return await _held(work, stocktake.id)


def _missing(adjustments: Sequence[Adjustment], refusal: NotCovered) -> list[dict[str, Any]]:
    return [
        {"field": f"/{each.product_id}", "code": "insufficient_stock", "params": {"deficiency": missing}}
        for each, missing in zip(adjustments, refusal.missing, strict=True)
        if missing
    ]


def _closed(view: StocktakeView, adjusted: int) -> StocktakeClosed:
    return StocktakeClosed(
        stocktake_id=view.id,
        warehouse_id=view.warehouse_id,
        lines=view.lines,
        adjusted=adjusted,
        surplus=view.surplus,
        shortage=view.shortage,
    )
