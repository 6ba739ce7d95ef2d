"""Decide what becomes of failed deliveries: try them again, or give them up."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.kernel.actor import Actor
from core.kernel.audit import AuditEntry, act_of
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork, again_if_contended
from core.operations.api import ChosenDeliveries, DeliveriesChanged
from core.operations.domain.errors import DeliveryNotFailed
from core.operations.permissions import DELIVERIES
from core.operations.ports import OperationsWork

BULK = 500


@dataclass(frozen=True, slots=True)
class ReplayDeliveries:
    """Give failed deliveries again, as if they had never been tried; order per key stays."""

    work: OpenWork[OperationsWork]
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: Actor, chosen: ChosenDeliveries, *, note: str = "", request: RequestKey | None = None
    ) -> DeliveriesChanged:
        """Replay the chosen ones, the oldest 500 at most.

        :raises DeliveryNotFailed: the one that was chosen by its number did not fail, or is no more.
        """
        actor.require(DELIVERIES)

        async def attempt() -> DeliveriesChanged:
            async with self.work(request=request) as work:
                seqs, changed = await _lock(work, chosen)
                await work.deliveries.replay(chosen.subscriber, seqs, self.clock.now())
                await work.audit.record(self._entries(actor, chosen.subscriber, seqs, note))
                await work.answer(changed)
            return changed

        return await again_if_contended(attempt)

    def _entries(self, actor: Actor, subscriber: str, seqs: Sequence[int], note: str) -> list[AuditEntry]:
        return _entries(self.ids, self.clock, actor, "operations.deliveries.replay", subscriber, seqs, note)


@dataclass(frozen=True, slots=True)
class DropDeliveries:
    """Give failed deliveries up: the subscriber is never told, and what they held back goes on."""

    work: OpenWork[OperationsWork]
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: Actor, chosen: ChosenDeliveries, *, note: str, request: RequestKey | None = None
    ) -> DeliveriesChanged:
        """Drop the chosen ones, the oldest 500 at most.

        :param note: why.
        :raises DeliveryNotFailed: the one that was chosen by its number did not fail, or is no more.
        """
        actor.require(DELIVERIES)

        async def attempt() -> DeliveriesChanged:
            async with self.work(request=request) as work:
                seqs, changed = await _lock(work, chosen)
                await work.deliveries.drop(chosen.subscriber, seqs)
                await work.audit.record(self._entries(actor, chosen.subscriber, seqs, note))
                await work.answer(changed)
            return changed

        return await again_if_contended(attempt)

    def _entries(self, actor: Actor, subscriber: str, seqs: Sequence[int], note: str) -> list[AuditEntry]:
        return _entries(self.ids, self.clock, actor, "operations.deliveries.drop", subscriber, seqs, note)


async def _lock(work: OperationsWork, chosen: ChosenDeliveries) -> tuple[list[int], DeliveriesChanged]:
    seqs = await work.deliveries.lock(chosen, BULK + 1)
    if not seqs and chosen.seq is not None:
        raise DeliveryNotFailed(subscriber=chosen.subscriber, seq=chosen.seq)
    return seqs[:BULK], DeliveriesChanged(len(seqs[:BULK]), len(seqs) > BULK)


def _entries(
    ids: Ids, clock: Clock, actor: Actor, action: str, subscriber: str, seqs: Sequence[int], note: str
) -> list[AuditEntry]:
    return [act_of(actor, action, f"{subscriber}/{seq}", ids, clock, note=note) for seq in seqs]
