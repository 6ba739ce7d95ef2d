"""The whole application in one process for tests: doors, consumer and scheduler over adapters that tests may swap."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

from dishka import STRICT_VALIDATION, AsyncContainer, Provider, Scope, decorate, make_async_container, provide
from litestar.types import ASGIApp, Receive, Send
from litestar.types import Scope as AsgiScope

from adapters.memory.clock import FakeClock
from adapters.memory.ids import SeededIds
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.ids import Ids
from core.kernel.messages import MessageSource, Record
from core.kernel.outbox import OutboxReader
from core.kernel.relay import FIRST_WAIT, Relay, Subscriber
from core.kernel.work import FactListener
from core.operations.ports import DeliveryReader
from entrypoints.consumer.intake import Intake
from entrypoints.consumer.metrics import IntakeMetrics
from entrypoints.http.main import assemble
from entrypoints.shared.modules import MODULES
from entrypoints.shared.relaying import ACTOR, SweepOutbox, relaying_of
from entrypoints.shared.wiring import KAFKA
from tests.support.stand import Stand

T = TypeVar("T")
Place = tuple[str, int, int]

TURNS = 200
LOG_SECONDS = 30.0


class WatchedSource(MessageSource):
    """Another source, which says when the messages that are looked out for have been taken."""

    def __init__(self, inner: MessageSource, awaited: set[Place]) -> None:
        """:param awaited: places that are to be taken."""
        self._inner = inner
        self._awaited = awaited
        self.taken = asyncio.Event()

    async def next_batch(self) -> Sequence[Record]:
        """The inner one's."""
        return await self._inner.next_batch()

    def holds(self, batch: Sequence[Record]) -> bool:
        """The inner one's."""
        return self._inner.holds(batch)

    async def done(self, batch: Sequence[Record]) -> None:
        """Tell the inner one, and look whether that was all."""
        await self._inner.done(batch)
        self._awaited -= {(record.topic, record.partition, record.offset) for record in batch}
        if not self._awaited:
            self.taken.set()

    def lag(self) -> dict[str, int]:
        """The inner one's."""
        return dict(self._inner.lag())


class HearingAll(FactListener):
    """Another listener, which is told what it wants; every fact is kept beside."""

    wanted = frozenset(fact for module in MODULES for fact in module.facts)

    def __init__(self, inner: FactListener, heard: list[Fact]) -> None:
        """:param heard: where facts are kept in the order of their commits."""
        self._inner = inner
        self._heard = heard

    def hear(self, facts: Sequence[Fact]) -> None:
        """Keep them, and tell the inner one those that it wants."""
        self._heard += facts
        if wanted := [fact for fact in facts if type(fact) in self._inner.wanted]:
            self._inner.hear(wanted)


class KitProvider(Provider):
    """The consumer's loop, the sweep of the outbox, and what the kit watches."""

    scope = Scope.APP

    numbers = provide(IntakeMetrics)
    intake = provide(Intake)
    sweeping = provide(SweepOutbox)

    def __init__(self, clock: FakeClock, ids: SeededIds, heard: list[Fact], awaited: set[Place]) -> None:
        """:param clock: which every adapter goes by."""
        super().__init__()
        self._heard, self._awaited = heard, awaited
        self.provide(lambda: clock, provides=Clock, override=True)
        self.provide(lambda: ids, provides=Ids, override=True)

    @decorate
    def source(self, source: MessageSource) -> MessageSource:
        """The source under watch."""
        return WatchedSource(source, self._awaited)

    @decorate
    def listener(self, listener: FactListener) -> FactListener:
        """The listener with an ear beside it."""
        return HearingAll(listener, self._heard)


class App:
    """The application; it is an ASGI application too.

    ``heard`` holds the facts of all units of work that were committed, in order.
    """

    def __init__(self, stand: Stand, clock: FakeClock) -> None:
        """:param stand: what it stands on.
        :param clock: which every adapter goes by.
        """
        self.stand, self.clock = stand, clock
        self.heard: list[Fact] = []
        self._awaited: set[Place] = set()
        self._kit = KitProvider(clock, SeededIds(), self.heard, self._awaited)
        self._replacements: dict[Any, Provider] = {}
        self._containers = AsyncExitStack()
        self._first = self._opened()
        self._container = self._first
        self._assembled: ASGIApp | None = None

    async def close(self) -> None:
        """Close what was opened, the last one first."""
        await self._containers.aclose()

    def replace(self, port: Any, adapter: Any) -> None:
        """Put an adapter in the place of the one behind a port, from now on and for the whole application.

        What is stored stays.

        :param port: such as ``Cache`` or ``OpenWork[InventoryWork]``.
        :param adapter: an instance, or a class whose own needs the application gives.
        :raises TypeError: the adapter is not one of this port, or misses some of its methods.
        :raises dishka.exceptions.GraphValidationError: nobody gives this port, or what the adapter needs.
        """
        given = adapter if isinstance(adapter, type) else type(adapter)
        _check(port, given)
        provider = Provider(scope=Scope.APP)
        source = adapter if isinstance(adapter, type) else lambda: adapter
        provider.provide(source, provides=port, override=True)
        replacements = {**self._replacements, port: provider}
        self._container = self._opened(self._shared(), *replacements.values())
        self._replacements, self._assembled = replacements, None

    async def get(self, port: type[T]) -> T:
        """What stands behind a port now, or a use case; a replacement may be built around it.

        :raises dishka.exceptions.NoFactoryError: the application has none.
        """
        return await self._container.get(port)

    def look_out_for(self, record: Record) -> None:
        """Count a message of the log among what waits: the application is not idle before it is taken."""
        self._awaited.add((record.topic, record.partition, record.offset))

    async def run_until_idle(self, clock: FakeClock) -> None:
        """Take the messages, sweep, and relay facts until nothing waits; of what is to be tried later the time comes.

        A delivery that is dead waits for nobody, and neither does what it holds back.

        :param clock: the application's; it moves only as far as retries need.
        :raises AssertionError: something still waits after 200 turns, or a message is not taken in half a minute.
        """
        relays = await self._relays()
        for _ in range(TURNS):
            await self._take_messages()
            await self._sweep()
            if not sum([await relay.work() for relay in relays]):
                due = await self._due()
                if due is None:
                    return
                clock.set(max(due, clock.now()))
        waiting = await (await self.get(OutboxReader)).backlog()
        raise AssertionError(f"not idle after {TURNS} turns: {waiting}")

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self._assembled is None:
            self._assembled = await assemble(self._container)
        await self._assembled(scope, receive, send)

    def _opened(self, *more: Provider) -> AsyncContainer:
        container = make_async_container(*self.stand.providers, self._kit, *more, validation_settings=STRICT_VALIDATION)
        self._containers.push_async_callback(container.close)
        return container

    def _shared(self) -> Provider:
        provider = Provider(scope=Scope.APP)
        for kind in self.stand.single:
            provider.provide(_from(self._first, kind), provides=kind, override=True)
        return provider

    async def _take_messages(self) -> None:
        if not self._awaited:
            return
        source, intake = await self.get(MessageSource), await self.get(Intake)
        assert isinstance(source, WatchedSource)
        source.taken.clear()
        try:
            await asyncio.wait_for(intake.run(source.taken), LOG_SECONDS)
        except TimeoutError:
            raise AssertionError(f"not taken in {LOG_SECONDS:.0f} s: {sorted(self._awaited)}") from None

    async def _sweep(self) -> None:
        for sweep in (sweep for module in MODULES for sweep in module.sweeps):
            await (await self.get(sweep.use_case))(ACTOR)
        await (await self.get(SweepOutbox))()

    async def _relays(self) -> Sequence[Relay]:
        outlet = await self._container.get(Subscriber | None)
        others = {} if outlet is None else {KAFKA: outlet}
        return (await relaying_of(self._container, MODULES, others, relays=1)).relays

    async def _due(self) -> datetime | None:
        """When the next delivery is to be tried; None when none is."""
        reader = await self.get(DeliveryReader)
        page = await reader.deliveries(None, None, 200, None, failed=False)
        pending = [each for each in page.items if each.state == "pending"]
        later = [each.due_at for each in pending if each.due_at > self.clock.now()]
        if not pending:
            return None
        return min(later, default=self.clock.now() + FIRST_WAIT)


def _check(port: Any, given: type) -> None:
    wanted = get_args(port)[0] if isinstance(port, UnionType) else get_origin(port) or port
    name = getattr(wanted, "__name__", str(wanted))
    if wanted not in given.__mro__:
        raise TypeError(f"{given.__name__} is no {name}: an adapter inherits its port, class {given.__name__}({name})")
    if missing := sorted(getattr(given, "__abstractmethods__", ())):
        raise TypeError(f"{given.__name__} misses {', '.join(missing)} of {name}")


def _from(container: AsyncContainer, kind: type[T]) -> Callable[[], Any]:
    async def found() -> T:
        return await container.get(kind)

    return found
