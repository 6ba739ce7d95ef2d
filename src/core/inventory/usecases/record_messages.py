"""Take messages of warehouses, whatever the door."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import msgspec

from core.inventory.api import Door, Origin
from core.inventory.domain.envelope import read_envelope
from core.inventory.domain.errors import Unreadable
from core.inventory.domain.movement import Half, MovementEvent, Outcome, Reason, Verdict, rejected
from core.inventory.domain.stock import Shortage
from core.inventory.events import DepartureParked, MessageQuarantined, MovementApplied
from core.inventory.permissions import RECORD
from core.inventory.ports import Booked, InventoryWork, QuarantinedMessage
from core.inventory.usecases.forget_entries import forget, keys_of
from core.inventory.usecases.watch_stock import facts_of
from core.inventory.usecases.watch_transit import cleared_facts
from core.kernel.actor import Actor
from core.kernel.cache import Cache
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork, again_if_contended

SENDER_IS_TOLD = frozenset({Reason.TOMBSTONE, Reason.NOT_JSON, Reason.DOUBLED_KEY, Reason.WRONG_FIELDS})


class Message(msgspec.Struct, frozen=True, gc=False):
    """Bytes as they came and where from; None is Kafka's tombstone."""

    raw: bytes | None
    origin: Origin


class Answer(msgspec.Struct, frozen=True):
    """What became of one message: the event if it could be read, the verdict, and for a bad one what is wrong."""

    event: MovementEvent | None
    verdict: Verdict
    problem: Unreadable | None = None


Kept = Callable[[Sequence[Answer]], object | None]
"""Makes what is kept for a request of what became of its messages; None keeps nothing."""


@dataclass(frozen=True, slots=True)
class RecordMessages:
    """Apply messages of warehouses to the stock; what cannot be applied goes to quarantine and holds up nothing.

    Through Kafka a departure without stock waits; through the webhook it is refused. The webhook's sender is told of
    bytes that cannot be read, so those are not kept.
    """

    work: OpenWork[InventoryWork]
    clock: Clock
    ids: Ids
    cache: Cache

    async def __call__(
        self, actor: Actor, messages: Sequence[Message], *, request: RequestKey | None = None, kept: Kept | None = None
    ) -> list[Answer]:
        """Take messages in their order, all through one door, in one transaction.

        :param request: makes the call happen once.
        :param kept: what the request is answered when it comes again.
        :returns: one answer per message, in order; they are durable when this returns.
        :raises Forbidden: the actor may not record.
        :raises Unavailable: nothing was kept; the same messages may be sent again.
        """
        actor.require(RECORD)
        if not messages:
            return []
        door = messages[0].origin.door
        read = [_read(message, door) for message in messages]
        moved = [event for event in read if isinstance(event, MovementEvent)]
        try:
            return await again_if_contended(lambda: self._record(messages, read, door, request, kept, moved))
        finally:
            await forget(self.cache, self.work, keys_of(moved))

    async def set_aside(self, actor: Actor, message: Message, error: str) -> None:
        """Put a message that makes us fail into quarantine unread, so that it does not hold up those behind it.

        :param error: what failed, as plain text for an operator.
        :raises Forbidden: the actor may not record.
        :raises Unavailable: nothing was kept; try again.
        """
        actor.require(RECORD)
        item = self._quarantined(message, Answer(None, rejected(Reason.UNPROCESSABLE)), {"error": error})
        async with self.work() as work:
            await work.quarantine.add([item])
            work.publish(*_facts(work, [], [], [item]))

    async def _record(
        self,
        messages: Sequence[Message],
        read: list[MovementEvent | Unreadable],
        door: Door,
        request: RequestKey | None,
        kept: Kept | None,
        moved: list[MovementEvent],
    ) -> list[Answer]:
        events = [event for event in read if isinstance(event, MovementEvent)]
        shortage = Shortage.PARK if door is Door.KAFKA else Shortage.REFUSE
        async with self.work(request=request) as work:
            booked = await work.book.apply(events, shortage, self.clock.now()) if events else Booked([], [])
            moved += booked.released
            verdicts = iter(booked.verdicts)
            answers = [_answer(item, verdicts) for item in read]
            bad = [
                self._quarantined(m, a, details_of(a))
                for m, a in zip(messages, answers, strict=True)
                if _is_kept(a, door)
            ]
            if bad:
                await work.quarantine.add(bad)
            if door is Door.WEBHOOK:
                await self._close_refused(work, answers)
            work.publish(*_facts(work, answers, booked.released, bad))
            work.publish(*facts_of(booked.turns), *cleared_facts(booked.cleared))
            if kept is not None and (result := kept(answers)) is not None:
                await work.answer(result)
        return answers

    def _quarantined(self, message: Message, answer: Answer, details: dict[str, Any]) -> QuarantinedMessage:
        reason = answer.verdict.reason
        assert reason is not None
        return QuarantinedMessage(
            id=self.ids.new(),
            identity=identity(message, reason),
            reason=reason,
            origin=message.origin,
            raw=message.raw,
            movement_id=None if answer.event is None else answer.event.movement_id,
            details=details,
            at=self.clock.now(),
        )

    async def _close_refused(self, work: InventoryWork, answers: list[Answer]) -> None:
        applied_ones = (a.event for a in answers if a.event and a.verdict.outcome is Outcome.APPLIED)
        departed = [event.movement_id for event in applied_ones if event.half is Half.DEPARTURE]
        if departed:
            await work.quarantine.close_applied(departed, self.clock.now())


def identity(message: Message, reason: Reason) -> str:
    """What makes a quarantined message one item: its bytes, and its place in Kafka or why they were not applied.

    The place alone would not do: a topic that was made anew counts from 0 again.
    """
    origin = message.origin
    digest = blake2b(message.raw or b"", digest_size=16).hexdigest()
    if origin.door is Door.KAFKA:
        return f"{origin.topic}/{origin.partition}/{origin.offset}/{digest}"
    return f"{reason}/{digest}"


def details_of(answer: Answer) -> dict[str, Any]:
    """What an operator needs to see beside the reason."""
    if answer.problem is not None:
        return answer.problem.details()
    deficiency = answer.verdict.deficiency
    return {} if deficiency is None else {"deficiency": deficiency}


def _read(message: Message, door: Door) -> MovementEvent | Unreadable:
    try:
        return read_envelope(message.raw, strict=door is Door.KAFKA)
    except Unreadable as problem:
        return problem


def _answer(item: MovementEvent | Unreadable, verdicts: Iterator[Verdict]) -> Answer:
    if isinstance(item, Unreadable):
        return Answer(None, Verdict(Outcome.REJECTED, item.reason), item)
    return Answer(item, next(verdicts))


def _is_kept(answer: Answer, door: Door) -> bool:
    reason = answer.verdict.reason
    return reason is not None and (door is Door.KAFKA or reason not in SENDER_IS_TOLD)


def _facts(
    work: InventoryWork, answers: list[Answer], released: list[MovementEvent], bad: list[QuarantinedMessage]
) -> list[Fact]:
    facts: list[Fact] = []
    if MovementApplied in work.wanted:
        facts += [applied(a.event) for a in answers if a.event and a.verdict.outcome is Outcome.APPLIED]
    if DepartureParked in work.wanted:
        facts += [_parked(a.event) for a in answers if a.event and a.verdict.outcome is Outcome.PARKED]
    if MovementApplied in work.wanted:
        facts += [applied(event) for event in released]
    if MessageQuarantined in work.wanted:
        facts += [MessageQuarantined(reason=m.reason, door=m.origin.door, movement_id=m.movement_id) for m in bad]
    return facts


def applied(event: MovementEvent) -> MovementApplied:
    """The fact that an event changed the stock."""
    return MovementApplied(
        movement_id=event.movement_id,
        event=event.half,
        warehouse_id=event.warehouse_id,
        product_id=event.product_id,
        quantity=event.quantity,
        occurred_at=event.occurred_at,
    )


def _parked(event: MovementEvent) -> DepartureParked:
    return DepartureParked(
        movement_id=event.movement_id,
        warehouse_id=event.warehouse_id,
        product_id=event.product_id,
        quantity=event.quantity,
    )
