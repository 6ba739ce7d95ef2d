"""Decide what becomes of quarantined messages: retry or discard, one or many of a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.inventory.api import BulkResult, Discarded, Door, QuarantineState
from core.inventory.domain.envelope import read_envelope
from core.inventory.domain.errors import QuarantineItemClosed, QuarantineItemNotFound, Unreadable
from core.inventory.domain.movement import MovementEvent, Outcome, Reason, Verdict
from core.inventory.domain.stock import Shortage
from core.inventory.events import MovementApplied
from core.inventory.permissions import QUARANTINE
from core.inventory.ports import Booked, InventoryWork, QuarantinedMessage
from core.inventory.usecases.forget_entries import forget, keys_of
from core.inventory.usecases.record_messages import Answer, applied, details_of
from core.inventory.usecases.watch_stock import facts_of
from core.inventory.usecases.watch_transit import cleared_facts
from core.kernel.actor import Actor
from core.kernel.audit import AuditEntry, act_of
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork, again_if_contended

BULK = 500
SETTLED = frozenset({Outcome.APPLIED, Outcome.DUPLICATE})


@dataclass(frozen=True, slots=True)
class RetryQuarantined:
    """Judge quarantined messages anew, unchanged and with their own event time."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids
    cache: Cache

    async def __call__(
        self, actor: Actor, item_id: UUID, *, note: str = "", request: RequestKey | None = None
    ) -> Verdict:
        """Judge one message anew; it is closed when applied or known already, else stays open with the new reason.

        :param request: makes the call happen once.
        :raises QuarantineItemNotFound: there is none.
        :raises QuarantineItemClosed: it was decided before.
        """
        actor.require(QUARANTINE)
        moved: list[MovementEvent] = []

        async def attempt() -> Verdict:
            async with self.work(request=request) as work:
                item = await _open_item(work, item_id)
                verdict = (await self._retry(work, actor, [item], note, moved))[0]
                await work.answer(verdict)
                return verdict

        try:
            return await again_if_contended(attempt)
        finally:
            await forget(self.cache, self.work, keys_of(moved))

    async def bulk(
        self, actor: Actor, reason: Reason, *, note: str = "", request: RequestKey | None = None
    ) -> BulkResult:
        """Judge the oldest open messages of a reason anew, at most 500 a call.

        :param request: makes the call happen once.
        """
        actor.require(QUARANTINE)
        moved: list[MovementEvent] = []

        async def attempt() -> BulkResult:
            async with self.work(request=request) as work:
                items = await work.quarantine.lock_open(reason, BULK + 1)
                verdicts = await self._retry(work, actor, items[:BULK], note, moved)
                closed = sum(verdict.outcome in SETTLED for verdict in verdicts)
                result = BulkResult(closed, len(verdicts) - closed, len(items) > BULK)
                await work.answer(result)
                return result

        try:
            return await again_if_contended(attempt)
        finally:
            await forget(self.cache, self.work, keys_of(moved))

    async def _retry(
        self,
        work: InventoryWork,
        actor: Actor,
        items: Sequence[QuarantinedMessage],
        note: str,
        moved: list[MovementEvent],
    ) -> list[Verdict]:
        now = self.clock.now()
        read = [_read(item) for item in items]
        events = [event for event in read if isinstance(event, MovementEvent)]
        moved += events
        booked = await work.book.apply(events, Shortage.REFUSE, now) if events else Booked([], [])
        moved += booked.released
        verdicts = iter(booked.verdicts)
        answers = [_answer(item, next(verdicts) if isinstance(item, MovementEvent) else None) for item in read]
        done = [item.id for item, answer in zip(items, answers, strict=True) if answer.verdict.outcome in SETTLED]
        await work.quarantine.close(done, QuarantineState.APPLIED, actor.name, note, now)
        for item, answer in zip(items, answers, strict=True):
            if answer.verdict.reason is not None:
                await work.quarantine.refuse_again(item.id, answer.verdict.reason, details_of(answer), now)
        results = [{"outcome": answer.verdict.outcome, "reason": answer.verdict.reason} for answer in answers]
        await work.audit.record(
            _entries(self.ids, self.clock, actor, "inventory.quarantine.retry", items, note, results)
        )
        _publish(work, answers, booked)
        return [answer.verdict for answer in answers]


@dataclass(frozen=True, slots=True)
class DiscardQuarantined:
    """Give quarantined messages up, with a reason for those who come later; their bytes stay."""

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids

    async def __call__(self, actor: Actor, item_id: UUID, *, note: str, request: RequestKey | None = None) -> Discarded:
        """Discard one message.

        :param note: why.
        :param request: makes the call happen once.
        :raises QuarantineItemNotFound: there is none.
        :raises QuarantineItemClosed: it was decided before.
        """
        actor.require(QUARANTINE)
        result = Discarded(QuarantineState.DISCARDED)

        async def attempt() -> Discarded:
            async with self.work(request=request) as work:
                await self._discard(work, actor, [await _open_item(work, item_id)], note)
                await work.answer(result)
                return result

        return await again_if_contended(attempt)

    async def bulk(self, actor: Actor, reason: Reason, *, note: str, request: RequestKey | None = None) -> BulkResult:
        """Discard the oldest open messages of a reason, at most 500 a call.

        :param request: makes the call happen once.
        """
        actor.require(QUARANTINE)

        async def attempt() -> BulkResult:
            async with self.work(request=request) as work:
                items = await work.quarantine.lock_open(reason, BULK + 1)
                await self._discard(work, actor, items[:BULK], note)
                result = BulkResult(len(items[:BULK]), 0, len(items) > BULK)
                await work.answer(result)
                return result

        return await again_if_contended(attempt)

    async def _discard(self, work: InventoryWork, actor: Actor, items: Sequence[QuarantinedMessage], note: str) -> None:
        now = self.clock.now()
        await work.quarantine.close([item.id for item in items], QuarantineState.DISCARDED, actor.name, note, now)
        results: list[dict[str, Any]] = [{"outcome": "discarded"}] * len(items)
        await work.audit.record(
            _entries(self.ids, self.clock, actor, "inventory.quarantine.discard", items, note, results)
        )


async def _open_item(work: InventoryWork, item_id: UUID) -> QuarantinedMessage:
    found = await work.quarantine.lock(item_id)
    if found is None:
        raise QuarantineItemNotFound(id=str(item_id))
    state, item = found
    if state is not QuarantineState.OPEN:
        raise QuarantineItemClosed(id=str(item_id), state=state.value)
    return item


def _read(item: QuarantinedMessage) -> MovementEvent | Unreadable:
    try:
        return read_envelope(item.raw, strict=item.origin.door is Door.KAFKA)
    except Unreadable as problem:
        return problem


def _answer(item: MovementEvent | Unreadable, verdict: Verdict | None) -> Answer:
    if isinstance(item, Unreadable):
        return Answer(None, Verdict(Outcome.REJECTED, item.reason), item)
    assert verdict is not None
    return Answer(item, verdict)


def _publish(work: InventoryWork, answers: Sequence[Answer], booked: Booked) -> None:
    if MovementApplied in work.wanted:
        work.publish(*(applied(a.event) for a in answers if a.event and a.verdict.outcome is Outcome.APPLIED))
        work.publish(*(applied(event) for event in booked.released))
    work.publish(*facts_of(booked.turns), *cleared_facts(booked.cleared))


def _entries(
    ids: Ids,
    clock: Clock,
    actor: Actor,
    action: str,
    items: Sequence[QuarantinedMessage],
    note: str,
    results: Sequence[dict[str, Any]],
) -> list[AuditEntry]:
    return [
        act_of(actor, action, item.id, ids, clock, note=note, **result)
        for item, result in zip(items, results, strict=True)
    ]
