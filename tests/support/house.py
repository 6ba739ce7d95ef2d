"""Inventory's use cases over memory, put together as a process puts them together."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import count
from typing import TypeVar
from uuid import UUID

from dishka import STRICT_VALIDATION, AsyncContainer, Provider, Scope, make_async_container

from adapters.memory.clock import FakeClock
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from adapters.memory.provider import MemoryProvider
from core.inventory.api import AdjustmentReason, Door, Origin, QuarantineState, QuarantineView
from core.inventory.domain.movement import MovementEvent, Reason
from core.inventory.module import MODULE
from core.inventory.usecases.adjust_stock import AdjustStock
from core.inventory.usecases.queries.quarantine import ListQuarantine
from core.inventory.usecases.queries.stock import GetStock
from core.inventory.usecases.record_messages import Answer, Message, RecordMessages
from core.kernel.actor import Actor, ActorKind
from core.kernel.audit import AuditEntry, AuditReader
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.outbox import Subscriptions
from core.kernel.work import FactListener
from entrypoints.shared.wiring import subscriptions_of, use_cases_of
from tests.support.events import message_of

T = TypeVar("T")
KEEPER = Actor(ActorKind.SERVICE, "keeper", frozenset(MODULE.permissions))


class House:
    """Use cases by type, and the steps that tests take most."""

    def __init__(self, container: AsyncContainer, clock: FakeClock, heard: list[Fact]) -> None:
        self.clock, self.heard = clock, heard
        self._container = container
        self._offsets = count()

    async def get(self, wanted: type[T]) -> T:
        """A use case."""
        return await self._container.get(wanted)

    def from_kafka(self, raw: bytes | None) -> Message:
        """A message at the next place of a topic."""
        return Message(raw, Origin(Door.KAFKA, "movements", 0, next(self._offsets)))

    async def kafka(self, *raws: bytes | MovementEvent | None) -> list[Answer]:
        """Take messages that come through Kafka in one batch."""
        record = await self.get(RecordMessages)
        return await record(KEEPER, [self.from_kafka(_bytes(raw)) for raw in raws])

    async def webhook(self, raw: bytes | MovementEvent) -> Answer:
        """Take one message that comes through the webhook."""
        record = await self.get(RecordMessages)
        (answer,) = await record(KEEPER, [Message(_bytes(raw), Origin(Door.WEBHOOK))])
        return answer

    async def adjust(self, warehouse_id: UUID, product_id: UUID, delta: int) -> int:
        """Adjust a stock; the balance after it."""
        adjust = await self.get(AdjustStock)
        view = await adjust(
            KEEPER, warehouse_id=warehouse_id, product_id=product_id, delta=delta, reason=AdjustmentReason.COUNT
        )
        return view.balance_after

    async def quantity(self, warehouse_id: UUID, product_id: UUID) -> int:
        """The stock of a pair."""
        get = await self.get(GetStock)
        return (await get(KEEPER, warehouse_id, product_id)).quantity

    async def quarantined(
        self, state: QuarantineState | None = QuarantineState.OPEN, reason: Reason | None = None
    ) -> list[QuarantineView]:
        """The newest items."""
        items = await self.get(ListQuarantine)
        return (await items(KEEPER, state=state, reason=reason)).items

    async def trail(self, object_id: str) -> list[AuditEntry]:
        """Who did what to an object."""
        reader: AuditReader = await self._container.get(AuditReader)
        return await reader.entries(object_id)


def _bytes(raw: bytes | MovementEvent | None) -> bytes | None:
    return message_of(raw) if isinstance(raw, MovementEvent) else raw


@asynccontextmanager
async def open_house(wanted: Iterable[type[Fact]] = MODULE.facts) -> AsyncIterator[House]:
    """A house over an empty store, whose listener wants every fact if nothing else is said."""
    clock, ids, listener = FakeClock(), SeededIds(), MemoryListener(wanted)
    given = Provider(scope=Scope.APP)
    given.provide(lambda: clock, provides=Clock)
    given.provide(lambda: ids, provides=Ids)
    given.provide(lambda: listener, provides=FactListener)
    given.provide(lambda: subscriptions_of(MODULE, kafka=False), provides=Subscriptions)
    container = make_async_container(
        MemoryProvider(), use_cases_of(MODULE), given, validation_settings=STRICT_VALIDATION
    )
    try:
        yield House(container, clock, listener.heard)
    finally:
        await container.close()
